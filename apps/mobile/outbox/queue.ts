/** What may be sent now, and what has to wait for what. */
import Dexie from "dexie";
import type { Store } from "./db";
import { goesAhead, isLive, isStuck, isUnsent, NOT_SENT, UNSENT, type DeedRow } from "./shapes";

export interface Queue {
  /** Everything that they need has been sent, or goes with them. */
  ready: DeedRow[];
  /** Their file has not been sent, and they cannot go ahead of it. */
  fileFirst: DeedRow[];
  /** Behind a refused deed, which a person has to look at first. */
  blocked: DeedRow[];
}

/** The deeds of an account that have no receipt yet, in the order they were done. A refused one holds back only those that need it. */
export async function queueOf(store: Store, account_id: string): Promise<Queue> {
  const rows = await unsentDeeds(store, account_id);
  const unsent = new Set(await unsentFiles(store));
  const queue: Queue = { ready: [], fileFirst: [], blocked: [] };
  const heldBack = new Set(rows.filter((row) => row.state === "refused").map((row) => row.id));
  const notYet = new Set<string>();
  for (const row of rows.filter((row) => !isStuck(row))) {
    if (row.deed.needs.some((id) => heldBack.has(id))) {
      heldBack.add(row.id);
      queue.blocked.push(row);
    } else if (row.sha256 !== "" && unsent.has(row.sha256) && !goesAhead(row)) {
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

/**
 * In the order they were done. A question a state: asked for several at once, the store would step through them one by one. `Dexie.Promise`,
 * because whoever watches a query is told of changes only as far as its own promises lead: behind another one it would go blind.
 */
async function unsentDeeds(store: Store, account_id: string): Promise<DeedRow[]> {
  const found = await Dexie.Promise.all(UNSENT.map((state) => store.deeds.where("[account_id+state]").equals([account_id, state]).toArray()));
  return found.flat().sort((one, other) => one.seq! - other.seq!);
}

/** The deeds that name these files, in the order they were done; asked for file by file for the same reason. */
async function naming(store: Store, files: string[]): Promise<DeedRow[]> {
  const found = await Dexie.Promise.all(files.map((sha256) => store.deeds.where("sha256").equals(sha256).toArray()));
  return found.flat().sort((one, other) => one.seq! - other.seq!);
}

/** A file that has to go, and the deeds that name it. */
export interface FileToSend { sha256: string; naming: DeedRow[] }

/** The files of an account that have no receipt, those first that a deed waits for; without those a person has to look at. */
export const filesToSend = async (store: Store, account_id: string): Promise<FileToSend[]> => toSend(store, account_id, await unsentFiles(store));

/** The same of one file, as it is now; undefined if it has its receipt, or is not to be sent any more. */
export async function fileToSend(store: Store, account_id: string, sha256: string): Promise<FileToSend | undefined> {
  const isLeft = (await store.files.where("[sha256+sent_at]").equals([sha256, NOT_SENT]).count()) > 0;
  return isLeft ? (await toSend(store, account_id, [sha256]))[0] : undefined;
}

async function toSend(store: Store, account_id: string, unsent: string[]): Promise<FileToSend[]> {
  const stuck = new Set(await stuckFiles(store));
  const files = new Map<string, DeedRow[]>();
  for (const row of (await naming(store, unsent)).filter((row) => row.account_id === account_id && isLive(row) && !isStuck(row) && !stuck.has(row.sha256))) {
    files.set(row.sha256, [...(files.get(row.sha256) ?? []), row]);
  }
  const found = [...files].map(([sha256, rows]) => ({ sha256, naming: rows }));
  const isWaitedFor = (file: FileToSend): boolean => file.naming.some((row) => isUnsent(row) && !goesAhead(row));
  return [...found.filter(isWaitedFor), ...found.filter((file) => !isWaitedFor(file))];
}

/** Keys only, and only of what is left: neither a day's photos nor all that was ever sent is read to count them. */
export const unsentFiles = (store: Store): Promise<string[]> => store.files.where("sent_at").equals(NOT_SENT).primaryKeys();

const stuckFiles = (store: Store): Promise<string[]> => store.uploads.where("is_stuck").equals(1).primaryKeys();

export interface Count {
  total: number;
  accepted: number;
  unsent: number;
  stuck: number;
  blocked: number;
  /** Files that are only on this phone: on their way, and stuck. */
  files: number;
  filesStuck: number;
}

/** 本机 · 已签收 · 未签收 of an account, and the files still to come; deeds that were mended or given up count no more. */
export async function countOf(store: Store, account_id: string): Promise<Count> {
  await store.uploads.count(); // who watches this is told of every step of every file: a browser does not tell it of `sent_at` alone
  const accepted = await store.deeds.where("[account_id+state]").equals([account_id, "accepted"]).count();
  const unsent = await unsentDeeds(store, account_id);
  const { blocked } = await queueOf(store, account_id);
  const stuck = await naming(store, await stuckFiles(store));
  const filesStuck = new Set(stuck.filter((row) => row.account_id === account_id && isLive(row)).map((row) => row.sha256)).size;
  return {
    total: accepted + unsent.length,
    accepted,
    unsent: unsent.length,
    stuck: unsent.filter(isStuck).length,
    blocked: blocked.length,
    files: (await filesToSend(store, account_id)).length + filesStuck,
    filesStuck,
  };
}
