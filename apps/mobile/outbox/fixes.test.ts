// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import { Store } from "./db";
import { keepFix, MOST_AT_ONCE, sendFixes, type Sent } from "./fixes";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-03-01T01:00:00Z");
let store: Store;
let heard: number[];

beforeEach(() => {
  store = new Store(`test-${crypto.randomUUID()}`);
  heard = [];
});

const keep = (seconds: number, account_id = "a", task_id = "t") => keepFix(store, { account_id, task_id, lon: 117, lat: 36, accuracy_m: 5, at: START + seconds * 1000 });
const answering = (...answers: Sent[]) => (_task: string, fixes: { happened_at: string }[]) => {
  heard.push(fixes.length);
  return Promise.resolve(answers.shift() ?? ("taken" as const));
};

it("keeps what cannot be sent now, and sends it later, oldest first and once", async () => {
  for (const seconds of [0, 30, 60]) await keep(seconds);
  expect(await sendFixes(store, "a", "t", answering("later"))).toBe(3);
  const times: string[] = [];
  await sendFixes(store, "a", "t", (_task, fixes) => (times.push(...fixes.map((fix) => fix.happened_at)), Promise.resolve("taken")));
  expect(times).toEqual(["2026-03-01T01:00:00.000Z", "2026-03-01T01:00:30.000Z", "2026-03-01T01:01:00.000Z"]);
  expect(await store.fixes.count()).toBe(0);
});

it("sends no more at once than the server takes, and lets go of what it never will", async () => {
  await store.fixes.bulkAdd(Array.from({ length: MOST_AT_ONCE + 3 }, (_, at) => ({ account_id: "a", task_id: "t", lon: 117, lat: 36, accuracy_m: 5, at })));
  expect(await sendFixes(store, "a", "t", answering("taken", "never"))).toBe(0);
  expect(heard).toEqual([MOST_AT_ONCE, 3]);
});

it("never sends one officer's way in another's name, nor for another task", async () => {
  await keep(0, "a", "t");
  await keep(1, "b", "t");
  await keep(2, "a", "u");
  await sendFixes(store, "a", "t", answering());
  expect(heard).toEqual([1]);
  expect(await store.fixes.count()).toBe(2);
});

it("forgets after three days", async () => {
  await keep(0);
  await keepFix(store, { account_id: "a", task_id: "u", lon: 117, lat: 36, accuracy_m: 5, at: START + 3 * DAY_MS + 1 });
  expect((await store.fixes.toArray()).map((row) => row.task_id)).toEqual(["u"]);
});
