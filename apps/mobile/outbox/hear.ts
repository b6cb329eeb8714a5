/** What the answers of the server do to the store. An accepted deed never goes back to being doubtful by an older answer. */
import { NOT_BELIEVED, type Believes } from "./believe";
import type { Store } from "./db";
import { markFile } from "./left";
import { NOT_SENT, type DeedRow, type DeedState, type Outcome, type ProblemBody, type Receipt } from "./shapes";

const STATES: Record<Outcome, DeedState> = {
  accepted: "accepted",
  repeated: "accepted",
  refused: "refused",
  conflict: "conflict",
  waiting: "waiting",
};

/** `settled`: how many deeds got an answer that is not `waiting`; `doubted`: how many answers were not signed as they must be. */
export interface Heard { settled: number; doubted: number }

/** Every receipt that fits a deed that was sent, and is believed, is kept and its state follows. The others change nothing. */
export async function hearReceipts(store: Store, sent: DeedRow[], receipts: Receipt[], heard_at: Date, believes?: Believes): Promise<Heard> {
  const digests = new Map(sent.map((row) => [row.id, row.deed.digest]));
  const fitting = receipts.filter((receipt) => digests.get(receipt.deed_id) === receipt.digest && receipt.outcome in STATES);
  const verdicts = await Promise.all(fitting.map((receipt) => believes?.(receipt) ?? true));
  const believed = fitting.filter((_receipt, at) => verdicts[at]);
  const doubted = fitting.filter((_receipt, at) => !verdicts[at]);
  await store.transaction("rw", store.deeds, store.receipts, store.files, async () => {
    for (const receipt of believed) {
      const row = await store.deeds.where("id").equals(receipt.deed_id).first();
      if (row === undefined) continue;
      await store.receipts.add({ deed_id: row.id, heard_at: heard_at.toISOString(), receipt });
      await apply(store, row, receipt);
    }
    for (const receipt of believed.filter(isForerunnerMissing)) await sendAgain(store, receipt.deed_id);
    for (const receipt of doubted) await doubt(store, receipt.deed_id);
  });
  return { settled: believed.filter((receipt) => receipt.outcome !== "waiting").length, doubted: doubted.length };
}

/** It stays unsent and says why: somebody answered, and it was not our server, or not in its own words. */
async function doubt(store: Store, id: string): Promise<void> {
  await store.deeds.where("id").equals(id).and((row) => row.state !== "accepted").modify({ problem: NOT_BELIEVED });
}

async function apply(store: Store, row: DeedRow, receipt: Receipt): Promise<void> {
  if (row.state === "accepted") return;
  const state = STATES[receipt.outcome];
  await store.deeds.update(row.seq!, { state, is_in_doubt: false, problem: state === "accepted" ? null : receipt.problem });
  const isFileMissing = state === "waiting" && receipt.problem?.code === "evidence.file_missing";
  if (isFileMissing) await markFile(store, row.sha256, NOT_SENT);
}

const isForerunnerMissing = (receipt: Receipt): boolean =>
  receipt.outcome === "waiting" && receipt.problem?.code === "deeds.forerunner_missing";

/** We hold a receipt for every forerunner and the server misses one: it was set back to an older state and gets them again. */
async function sendAgain(store: Store, id: string): Promise<void> {
  const row = await store.deeds.where("id").equals(id).first();
  if (row === undefined || row.state !== "waiting") return;
  const needs = await store.deeds.where("id").anyOf(row.deed.needs).toArray();
  if (needs.some((need) => need.state !== "accepted")) return;
  await store.deeds.bulkUpdate(needs.map((need) => ({ key: need.seq!, changes: { state: "kept" as const } })));
  for (const need of needs.filter((need) => need.sha256 !== "")) await markFile(store, need.sha256, NOT_SENT);
}

/** The server will not take it as it is; it stays in sight. */
export async function markRefused(store: Store, rows: DeedRow[], problem: ProblemBody): Promise<void> {
  await store.deeds.bulkUpdate(rows.map((row) => ({ key: row.seq!, changes: { state: "refused" as const, problem } })));
}
