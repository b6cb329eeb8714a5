/** What may be sent now, and what has to wait for what. */
import type { Store } from "./db";
import { isStuck, UNSENT, type DeedRow } from "./shapes";

export interface Queue {
  /** Everything that they need has been sent, or goes with them. */
  ready: DeedRow[];
  /** Their file has not been sent. */
  fileFirst: DeedRow[];
  /** Behind a refused deed, which a person has to look at first. */
  blocked: DeedRow[];
}

/** The deeds of an account that have no receipt yet, in the order they were done. A refused one holds back only those that need it. */
export async function queueOf(store: Store, account_id: string): Promise<Queue> {
  const rows = await store.deeds.where("[account_id+state]").anyOf(UNSENT.map((state) => [account_id, state])).sortBy("seq");
  const sent = await sentFiles(store, rows);
  const queue: Queue = { ready: [], fileFirst: [], blocked: [] };
  const heldBack = new Set(rows.filter((row) => row.state === "refused").map((row) => row.id));
  const notYet = new Set<string>();
  for (const row of rows.filter((row) => !isStuck(row))) {
    if (row.deed.needs.some((id) => heldBack.has(id))) {
      heldBack.add(row.id);
      queue.blocked.push(row);
    } else if (row.sha256 !== "" && !sent.has(row.sha256)) {
      notYet.add(row.id);
      queue.fileFirst.push(row);
    } else if (row.deed.needs.some((id) => notYet.has(id))) {
      notYet.add(row.id);
    } else {
      queue.ready.push(row);
    }
  }
  return queue;
}

async function sentFiles(store: Store, rows: DeedRow[]): Promise<Set<string>> {
  const named = [...new Set(rows.map((row) => row.sha256).filter((sha256) => sha256 !== ""))];
  const files = await store.files.bulkGet(named);
  return new Set(files.filter((file) => file?.sent_at).map((file) => file!.sha256));
}

export interface Count { total: number; accepted: number; unsent: number; stuck: number; blocked: number }

/** 本机 · 已签收 · 未签收 of an account; deeds that were mended or given up count no more. */
export async function countOf(store: Store, account_id: string): Promise<Count> {
  const accepted = await store.deeds.where("[account_id+state]").equals([account_id, "accepted"]).count();
  const unsent = await store.deeds.where("[account_id+state]").anyOf(UNSENT.map((state) => [account_id, state])).toArray();
  const { blocked } = await queueOf(store, account_id);
  return {
    total: accepted + unsent.length,
    accepted,
    unsent: unsent.length,
    stuck: unsent.filter(isStuck).length,
    blocked: blocked.length,
  };
}
