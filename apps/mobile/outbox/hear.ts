/** What the answers of the server do to the store. An accepted deed never goes back to being doubtful by an older answer. */
import type { Store } from "./db";
import type { DeedRow, DeedState, Outcome, ProblemBody, Receipt } from "./shapes";

const STATES: Record<Outcome, DeedState> = {
  accepted: "accepted",
  repeated: "accepted",
  refused: "refused",
  conflict: "conflict",
  waiting: "waiting",
};

/** Every receipt that fits a deed that was sent is kept and its state follows. How many were not `waiting`. */
export async function hearReceipts(store: Store, sent: DeedRow[], receipts: Receipt[], heard_at: Date): Promise<number> {
  const digests = new Map(sent.map((row) => [row.id, row.deed.digest]));
  const fitting = receipts.filter((receipt) => digests.get(receipt.deed_id) === receipt.digest && receipt.outcome in STATES);
  await store.transaction("rw", store.deeds, store.receipts, store.files, async () => {
    for (const receipt of fitting) {
      const row = await store.deeds.where("id").equals(receipt.deed_id).first();
      if (row === undefined) continue;
      await store.receipts.add({ deed_id: row.id, heard_at: heard_at.toISOString(), receipt });
      await apply(store, row, receipt);
    }
    for (const receipt of fitting.filter(isForerunnerMissing)) await sendAgain(store, receipt.deed_id);
  });
  return fitting.filter((receipt) => receipt.outcome !== "waiting").length;
}

async function apply(store: Store, row: DeedRow, receipt: Receipt): Promise<void> {
  if (row.state === "accepted") return;
  const state = STATES[receipt.outcome];
  await store.deeds.update(row.seq!, { state, is_in_doubt: false, problem: state === "accepted" ? null : receipt.problem });
  const isFileMissing = state === "waiting" && receipt.problem?.code === "evidence.file_missing";
  if (isFileMissing) await store.files.update(row.sha256, { sent_at: null });
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
}

/** The server will not take it as it is; it stays in sight. */
export async function markRefused(store: Store, rows: DeedRow[], problem: ProblemBody): Promise<void> {
  await store.deeds.bulkUpdate(rows.map((row) => ({ key: row.seq!, changes: { state: "refused" as const, problem } })));
}
