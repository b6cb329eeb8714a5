/** Positions that wait to be sent: telemetry, not deeds. They need no receipt, and none outlives its use. */
import type { Store } from "./db";
import type { FixRow, Place } from "./shapes";

/** What one request carries; the server takes no more. */
export const MOST_AT_ONCE = 500;
const KEPT_MS = 3 * 86_400_000;

/** What became of a batch: taken (some of it may be refused for good), to be sent again later, or of no use any more. */
export type Sent = "taken" | "later" | "never";
export type SendFixes = (task_id: string, fixes: (Place & { happened_at: string })[]) => Promise<Sent>;

/** It waits in the store; nothing older than three days does. */
export async function keepFix(store: Store, row: FixRow): Promise<void> {
  await store.fixes.where("at").below(row.at - KEPT_MS).delete();
  await store.fixes.add(row);
}

/** Everything that waited for this officer and task has been sent, oldest first, or waits for the next time. Returns how many wait. */
export async function sendFixes(store: Store, account_id: string, task_id: string, send: SendFixes): Promise<number> {
  const mine = () => store.fixes.where({ account_id, task_id });
  for (;;) {
    const rows = await mine().limit(MOST_AT_ONCE).sortBy("seq");
    if (rows.length === 0) return 0;
    const fixes = rows.map(({ lon, lat, accuracy_m, at }) => ({ lon, lat, accuracy_m, happened_at: new Date(at).toISOString() }));
    const sent = await send(task_id, fixes);
    if (sent === "later") return mine().count();
    await store.fixes.bulkDelete(rows.flatMap(({ seq }) => (seq === undefined ? [] : [seq])));
  }
}
