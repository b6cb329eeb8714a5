import { expect, it } from "vitest";
import type { Task } from "@shared/client/types";
import type { Json, TaskRow } from "../../outbox/shapes";
import { newsOf, seenOf } from "./orders";

const ME = "officer-1";
const task = (id: string, more: Partial<Task> = {}, received_at: string | null = null, read_at: string | null = null): Task => ({
  id, title: id, state: "assigned", assigned_at: "2026-03-10T01:00:00Z", urged_count: 0,
  officers: [{ id: ME, name: "示例", agency_name: "", is_lead: true, received_at, read_at, accepted_at: null }], ...more,
} as Task);
const row = (one: Task, read: TaskRow["read"] = null): TaskRow => ({ id: one.id, account_id: "a", task: one as unknown as Json, heard_at: "", pack: null, pack_saved_at: null, read });
const words = (before: Task[], after: Task[]): string[] => newsOf(before.map((one) => row(one)), after, ME).map((one) => one.words);

it("tells of a new order, of an urging, and of nothing twice", () => {
  expect(words([], [task("a")])).toEqual(["新任务：a"]);
  expect(words([task("a")], [task("a")])).toEqual([]);
  const last_urging = { words: "请速到现场", urged_at: "", urged_by: "" };
  expect(words([task("a")], [task("a", { urged_count: 1, last_urging })])).toEqual(["催办：请速到现场"]);
  expect(words([task("a")], [task("a", { assigned_at: "2026-03-10T02:00:00Z" })])).toEqual(["新任务：a"]);
});

it("is silent about what others do and what is over", () => {
  expect(newsOf([], [task("a")], "somebody else")).toEqual([]);
  expect(words([], [task("a", { state: "on_site" }), task("b", { state: "reported" })])).toEqual([]);
});

it("says what the desk does not know yet, and no more", () => {
  const read = { of: "2026-03-10T01:00:00Z", at: "2026-03-10T01:05:00Z" };
  expect(seenOf([row(task("a")), row(task("b", {}, "…", "…")), row(task("c", {}, "…"), read)], ME)).toEqual([
    { task_id: "a", read_at: null }, { task_id: "c", read_at: read.at },
  ]);
  expect(seenOf([row(task("a", {}, "…"))], ME)).toEqual([]);
  expect(seenOf([row(task("a"), { ...read, of: "2026-03-09T01:00:00Z" })], ME)).toEqual([{ task_id: "a", read_at: null }]);
  expect(seenOf([row(task("a", { state: "cancelled" })), row(task("b"))], "somebody else")).toEqual([]);
});
