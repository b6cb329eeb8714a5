/** What may be sent now, and what has to wait for what. */
import Dexie, { type PromiseExtended } from "dexie";
import type { Store } from "./db";
import { goesAhead, isLive, isStuck, isUnsent, UNSENT, type DeedRow } from "./shapes";

export interface Queue {
  /** Everything that they need has been sent, or goes with them. */
  ready: DeedRow[];
  /** Their file has not been sent, and they cannot go ahead of it. */
  fileFirst: DeedRow[];
  /** Behind a refused deed, which a person has to look at first. */
  blocked: DeedRow[];
}

/** The deeds of an account that have no receipt yet, in the order they were done. A refused one holds back only those that need it. */
export const queueOf = async (store: Store, account_id: string): Promise<Queue> => queueIn(await unsentDeeds(store, account_id));

function queueIn(unsent: DeedRow[]): Queue {
  const queue: Queue = { ready: [], fileFirst: [], blocked: [] };
  const heldBack = new Set(unsent.filter((row) => row.state === "refused").map((row) => row.id));
  const notYet = new Set<string>();
  for (const row of unsent.filter((row) => !isStuck(row))) {
    if (row.deed.needs.some((id) => heldBack.has(id))) {
      heldBack.add(row.id);
      queue.blocked.push(row);
    } else if (row.is_file_left === 1 && !goesAhead(row)) {
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

/** A file that has to go, and the deeds that name it. */
export interface FileToSend { sha256: string; naming: DeedRow[] }

/** The files of an account that have no receipt, those first that a deed waits for; without those a person has to look at. */
export async function filesToSend(store: Store, account_id: string): Promise<FileToSend[]> {
  return filesIn(await deedsWithFileLeft(store, account_id), await stuckFiles(store));
}

/** The same of one file, as it is now; undefined if it has its receipt, or is not to be sent any more. */
export async function fileToSend(store: Store, account_id: string, sha256: string): Promise<FileToSend | undefined> {
  const rows = inOrder(await store.deeds.where("sha256").equals(sha256).toArray()).filter((row) => row.account_id === account_id && row.is_file_left === 1);
  return filesIn(rows, await stuckFiles(store))[0];
}

function filesIn(rows: DeedRow[], stuck: string[]): FileToSend[] {
  const files = new Map<string, DeedRow[]>();
  for (const row of rows.filter((row) => isLive(row) && !isStuck(row) && !stuck.includes(row.sha256))) {
    files.set(row.sha256, [...(files.get(row.sha256) ?? []), row]);
  }
  const found = [...files].map(([sha256, rows]) => ({ sha256, naming: rows }));
  const isWaitedFor = (file: FileToSend): boolean => file.naming.some((row) => isUnsent(row) && !goesAhead(row));
  return [...found.filter(isWaitedFor), ...found.filter((file) => !isWaitedFor(file))];
}

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

/**
 * 本机 · 已签收 · 未签收 of an account, and the files still to come; deeds that were mended or given up count no more.
 *
 * Everything is asked before anything is waited for: in an async function a browser loses sight, after some steps, of the query being
 * watched, and nobody would be told when what is asked there changes.
 */
export function countOf(store: Store, account_id: string): Promise<Count> {
  const accepted = store.deeds.where("[account_id+state]").equals([account_id, "accepted"]).count();
  return Dexie.Promise.all([accepted, unsentDeeds(store, account_id), deedsWithFileLeft(store, account_id), stuckFiles(store)]).then(
    ([accepted, unsent, left, stuck]) => {
      const filesStuck = new Set(left.filter((row) => isLive(row) && stuck.includes(row.sha256)).map((row) => row.sha256)).size;
      return {
        total: accepted + unsent.length,
        accepted,
        unsent: unsent.length,
        stuck: unsent.filter(isStuck).length,
        blocked: queueIn(unsent).blocked.length,
        files: filesIn(left, stuck).length + filesStuck,
        filesStuck,
      };
    },
  );
}

/** In the order they were done. A question a state: asked for several at once, the store would step through them one by one. */
const unsentDeeds = (store: Store, account_id: string): PromiseExtended<DeedRow[]> =>
  Dexie.Promise.all(UNSENT.map((state) => store.deeds.where("[account_id+state]").equals([account_id, state]).toArray())).then((found) => inOrder(found.flat()));

/** In the order they were done, mended ones and those given up among them; one question, however many photos wait. */
export const deedsWithFileLeft = (store: Store, account_id: string): PromiseExtended<DeedRow[]> =>
  store.deeds.where("[account_id+is_file_left]").equals([account_id, 1]).sortBy("seq");

const stuckFiles = (store: Store): PromiseExtended<string[]> => store.uploads.where("is_stuck").equals(1).primaryKeys();

const inOrder = (rows: DeedRow[]): DeedRow[] => rows.sort((one, other) => one.seq! - other.seq!);
