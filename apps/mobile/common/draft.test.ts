import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";
import { readDraft, writeDraft } from "../outbox/drafts";
import { useDraft } from "./draft";
import { store } from "./live";

const place = (name: string) => ({ account_id: "a", about: "v", name });
const blank = () => ({ words: "", name: "" });

it("keeps what is typed before the store has answered, beside what was kept before", async () => {
  await writeDraft(store, place("old"), { words: "示例：从前", name: "示例厂长" });
  const { value, isRead } = useDraft(place("old"), blank);
  value.value.words = "示例：刚写下";
  await vi.waitFor(() => expect(isRead.value).toBe(true));
  expect(value.value).toEqual({ words: "示例：刚写下", name: "示例厂长" });
  await vi.waitFor(async () => expect(await readDraft(store, place("old"))).toEqual(value.value));
});

it("writes nothing of a form that nobody has touched", async () => {
  const { isRead } = useDraft(place("new"), blank);
  await vi.waitFor(() => expect(isRead.value).toBe(true));
  expect(await readDraft(store, place("new"))).toBeNull();
});
