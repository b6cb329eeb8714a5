/** Making room: bytes of files whose whole visit is with the server. Deeds, receipts and thumbnails stay.
 */
import type { Store } from "./db";
import { isUnsent, type DeedRow } from "./shapes";

const KEPT_DAYS = 7;
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

const isVisitIn = (rows: DeedRow[]): boolean =>
  !rows.some(isUnsent) && rows.some((row) => row.kind === "submit_inspection" && row.state === "accepted");
