/** Making room: bytes of files whose whole visit is with the server. Deeds, receipts and thumbnails stay.
 */
import type { Store } from "./db";
import { isUnsent, type DeedRow, type FileRow } from "./shapes";

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * The digests of the files whose bytes were let go: sent, older than a week, and every visit that names them signed for, the submission
 * too. A photo that was given up has no receipt, so its bytes stay.
 */
export async function letGoOfFiles(store: Store, now: Date = new Date()): Promise<string[]> {
  return store.transaction("rw", store.files, store.deeds, store.drafts, async () => {
    const drafts = JSON.stringify((await store.drafts.toArray()).map((draft) => draft.value));
    const gone: string[] = [];
    for (const file of await store.files.toArray()) {
      if (!isOldAndSent(file, now) || drafts.includes(file.sha256) || !(await isAllThere(store, file.sha256))) continue;
      await store.files.update(file.sha256, { bytes: null });
      gone.push(file.sha256);
    }
    return gone;
  });
}

const isOldAndSent = (file: FileRow, now: Date): boolean =>
  file.bytes !== null && file.sent_at !== null && now.getTime() - Date.parse(file.kept_at) > KEPT_DAYS * DAY_MS;

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
