// @vitest-environment node
import "fake-indexeddb/auto";
import { liveQuery } from "dexie";
import { expect, it, vi } from "vitest";
import { Store } from "./db";
import { keepDeed, keepFile } from "./keep";
import { markFile } from "./left";
import { pageLock } from "./lock";
import { countOf, type Count } from "./queue";

const ACCOUNT = "a";

it("a count that is watched follows every file and every deed", async () => {
  const store = new Store("watched");
  const seen: Count[] = [];
  const faults: unknown[] = [];
  const watching = liveQuery(() => countOf(store, ACCOUNT)).subscribe({ next: (count) => seen.push(count), error: (fault) => faults.push(fault) });
  const now = (): Partial<Count> => ({ unsent: seen.at(-1)?.unsent, files: seen.at(-1)?.files });
  await vi.waitFor(() => expect(now()).toEqual({ unsent: 0, files: 0 }));
  const { sha256 } = await keepFile(store, new TextEncoder().encode("样本").buffer, "image/jpeg", null);
  const row = await keepDeed(store, { kind: "add_photo", account_id: ACCOUNT, task_id: "t", inspection_id: "v", payload: { inspection_id: "v" }, sha256 }, pageLock());
  await vi.waitFor(() => expect(now()).toEqual({ unsent: 1, files: 1 }));
  await store.deeds.update(row.seq!, { state: "accepted" });
  await vi.waitFor(() => expect(now()).toEqual({ unsent: 0, files: 1 }));
  await markFile(store, sha256, new Date().toISOString());
  await vi.waitFor(() => expect(now()).toEqual({ unsent: 0, files: 0 }));
  expect(faults).toEqual([]);
  watching.unsubscribe();
  store.close();
});
