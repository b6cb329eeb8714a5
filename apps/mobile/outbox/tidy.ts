/**
 * Making room. First go the bytes of files whose whole visit is with the server, its deeds, receipts and thumbnails stay; much later the
 * visit itself goes: a phone may be lost, and one that is used for years must not carry, or read, all that it ever held.
 */
import type { Store } from "./db";
import { isUnsent, type DeedRow, type DeedState } from "./shapes";

const KEPT_DAYS = 7;
const VISIT_KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * The digests of the files whose bytes were let go: sent more than a week ago, and every visit that names them signed for, the submission
 * too. A photo that was given up has no receipt, so its bytes stay. Only what is old enough is read, and one file at a time: a phone
 * with a week of photos has no memory for all of them.
 */
export async function letGoOfFiles(store: Store, now: Date = new Date()): Promise<string[]> {
  return store.transaction("rw", store.files, store.deeds, store.drafts, async () => {
    const drafts = JSON.stringify((await store.drafts.toArray()).map((draft) => draft.value));
    const gone: string[] = [];
    for (const sha256 of await sentBefore(store, new Date(now.getTime() - KEPT_DAYS * DAY_MS))) {
      if (drafts.includes(sha256) || !(await isAllThere(store, sha256)) || !(await hasBytes(store, sha256))) continue;
      await store.files.update(sha256, { bytes: null });
      gone.push(sha256);
    }
    return gone;
  });
}

const sentBefore = (store: Store, day: Date): Promise<string[]> => store.files.where("sent_at").between("", day.toISOString(), false, false).primaryKeys();

const hasBytes = async (store: Store, sha256: string): Promise<boolean> => (await store.files.get(sha256))?.bytes !== null;

async function isAllThere(store: Store, sha256: string): Promise<boolean> {
  const naming = await store.deeds.where("sha256").equals(sha256).toArray();
  const visits = new Set(naming.map((row) => row.inspection_id));
  for (const visit of visits) {
    if (!isVisitIn(await store.deeds.where("inspection_id").equals(visit).toArray())) return false;
  }
  return naming.some((row) => row.state === "accepted") && !naming.some((row) => row.state === "set_aside");
}

const isVisitIn = (rows: DeedRow[]): boolean => !rows.some(isUnsent) && rows.some(isLastOfItsVisit);

/** Nothing follows it. What a neighbour was told is a visit of one deed. */
const isLastOfItsVisit = (row: DeedRow): boolean => (row.kind === "submit_inspection" || row.kind === "tell_neighbour") && row.state === "accepted";

const SETTLED = new Set<DeedState>(["accepted", "mended"]);

/**
 * The visits that this phone no longer holds: handed in more than ninety days ago, every deed of them signed for, nothing given up or
 * half-written. The server has them, and signed for each deed. What names no visit, such as having accepted the task, goes with the
 * last visit of its task.
 */
export async function letGoOfVisits(store: Store, now: Date = new Date()): Promise<string[]> {
  const before = new Date(now.getTime() - VISIT_KEPT_DAYS * DAY_MS).toISOString();
  return store.transaction("rw", store.deeds, store.receipts, store.files, store.uploads, store.drafts, async () => {
    const gone: string[] = [];
    for (const visit of await handedInBefore(store, before)) {
      if (await letGoOf(store, visit)) gone.push(visit);
    }
    return gone;
  });
}

/** Deeds are kept in the order of their doing: reading ends at the first that is young enough to stay. */
async function handedInBefore(store: Store, before: string): Promise<string[]> {
  const old = await store.deeds.orderBy("seq").until((row) => row.deed.happened_at >= before).toArray();
  return old.filter(isLastOfItsVisit).map((row) => row.inspection_id);
}

async function letGoOf(store: Store, visit: string): Promise<boolean> {
  const rows = await store.deeds.where("inspection_id").equals(visit).toArray();
  const isAbout = await store.drafts.where("about").equals(visit).count();
  if (isAbout > 0 || rows.some((row) => !SETTLED.has(row.state))) return false;
  const task = rows[0]!.task_id;
  const left = (await store.deeds.where("task_id").equals(task).toArray()).filter((row) => row.inspection_id !== visit);
  const isLast = left.every((row) => row.inspection_id === "" && SETTLED.has(row.state));
  await remove(store, isLast ? [...rows, ...left] : rows);
  return true;
}

async function remove(store: Store, rows: DeedRow[]): Promise<void> {
  await store.deeds.bulkDelete(rows.map((row) => row.seq!));
  await store.receipts.where("deed_id").anyOf(rows.map((row) => row.id)).delete();
  for (const sha256 of new Set(rows.map((row) => row.sha256).filter((name) => name !== ""))) {
    if ((await store.deeds.where("sha256").equals(sha256).count()) > 0) continue; // another visit shows it too
    await store.files.delete(sha256);
    await store.uploads.delete(sha256);
  }
}
