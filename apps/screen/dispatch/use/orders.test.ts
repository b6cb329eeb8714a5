import { expect, it } from "vitest";
import { pictureFrom, type Answered, type TaskItem } from "@shared/feed/picture";
import { stepOf } from "@shared/feed/answers";
import { clockWords, ordersOf, stageOf } from "./orders";
import { distanceText, fitting, radiiOf } from "./candidates";
import type { Candidate } from "@shared/client/types";

const NOW = Date.parse("2026-03-10T02:00:00Z");
const SILENT: Answered = { received_at: null, read_at: null, accepted_at: null };
const SIGNED: Answered = { received_at: "2026-03-10T01:51:00Z", read_at: "2026-03-10T01:52:00Z", accepted_at: "2026-03-10T01:53:00Z" };
const task = (id: string, state: string, answers: Answered[] = [], answer_by_at: string | null = null): TaskItem => ({
  id, state, answers, answer_by_at, number: id, title: id, kind: "routine", mode: "local", area_code: "370103", source_name: null,
  lon: null, lat: null, due_on: null, officer_ids: answers.map((_, place) => `${id}-${place}`), assigned_at: null, chased_at: null,
});
const SOON = "2026-03-10T02:05:30Z";
const GONE = "2026-03-10T01:56:50Z";

it.each<[TaskItem, string | null]>([
  [task("a", "drafted"), "unassigned"],
  [task("b", "assigned", [SILENT, SILENT], SOON), "waiting"],
  [task("c", "accepted", [SIGNED, SILENT], GONE), "late"],
  [task("d", "accepted", [SIGNED, SIGNED], GONE), "under_way"],
  [task("e", "on_site", [SIGNED, SILENT], GONE), "on_site"],
  [task("f", "reported", [], null), null],
])("%# stands at %s", (one, stage) => expect(stageOf(one, NOW)).toBe(stage));

it("lists what needs a hand first", () => {
  const tasks = [task("site", "on_site"), task("new", "drafted"), task("late", "assigned", [SILENT], GONE), task("soon", "assigned", [SILENT], SOON)];
  const picture = pictureFrom({
    seq: 1, as_of: "", problems: {}, clues: {}, officers: {}, ticker: [], tasks: Object.fromEntries(tasks.map((one) => [one.id, one])),
  });
  expect(ordersOf(picture, NOW).map(({ task: one }) => one.id)).toEqual(["late", "new", "soon", "site"]);
});

it("counts down to the time to sign, and on from it", () => {
  expect(clockWords(task("a", "assigned", [SILENT], SOON), "waiting", NOW)).toBe("签收剩 05:30");
  expect(clockWords(task("a", "assigned", [SILENT], GONE), "late", NOW)).toBe("超时 03:10");
  expect(clockWords(task("a", "assigned", [SILENT], "2026-03-09T23:30:00Z"), "late", NOW)).toBe("超时 2 小时 30 分");
  expect(clockWords(task("a", "on_site", [SIGNED], GONE), "on_site", NOW)).toBe("");
});

it("says the furthest step", () => {
  expect(stepOf(SILENT)).toEqual({ step: "sent", at: null });
  expect(stepOf({ ...SILENT, received_at: SOON }).step).toBe("received");
  expect(stepOf(SIGNED)).toEqual({ step: "accepted", at: SIGNED.accepted_at });
});

const candidate = (id: string, distance_m: number | null, busy = 0): Candidate => ({
  id, distance_m, name: id, agency_name: "", area_code: "370103", is_certified: true, lon: null, lat: null, position_at: null,
  tasks: Array.from({ length: busy }, () => ({ id: "t", number: "RW", state: "accepted" })),
});

it("narrows down by ring and by idleness, and counts nobody in whose place is unknown", () => {
  const all = [candidate("near", 900, 1), candidate("far", 4200), candidate("nowhere", null)];
  const names = (withinKm: number | null, onlyIdle: boolean): string[] => fitting(all, { withinKm, onlyIdle }).map((one) => one.id);
  expect(names(3, false)).toEqual(["near"]);
  expect(names(5, true)).toEqual(["far"]);
  expect(names(null, true)).toEqual(["far", "nowhere"]);
  expect([distanceText(900), distanceText(4200), distanceText(null)]).toEqual(["900 米", "4.2 公里", "位置未知"]);
});

it("takes one radius or several", () => {
  const rule = { title: "", unit: "kilometre", status: "unconfirmed" };
  expect(radiiOf({ officers: [], radii: { ...rule, value: [3] }, oldest: rule } as never)).toEqual([3]);
  expect(radiiOf({ officers: [], radii: { ...rule, value: 3 }, oldest: rule } as never)).toEqual([3]);
});
