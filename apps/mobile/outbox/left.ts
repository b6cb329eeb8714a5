/** Which deeds name a file that the server has not signed for: said on the deed as well, because it is asked at every change. */
import type { Store } from "./db";
import { NOT_SENT } from "./shapes";

/** 1: the file is on this phone only. By index: a file's row is as large as the file. */
export async function isFileLeft(store: Store, sha256: string): Promise<0 | 1> {
  if (sha256 === "") return 0;
  return (await store.files.where("[sha256+sent_at]").equals([sha256, NOT_SENT]).count()) > 0 ? 1 : 0;
}

/** The file was signed for at `sent_at`, or is to be sent again (`NOT_SENT`), and so say all deeds that name it. */
export async function markFile(store: Store, sha256: string, sent_at: string): Promise<void> {
  const is_file_left = sent_at === NOT_SENT ? 1 : 0;
  await store.transaction("rw", store.files, store.deeds, async () => {
    await store.files.update(sha256, { sent_at });
    const naming = await store.deeds.where("sha256").equals(sha256).primaryKeys();
    await store.deeds.bulkUpdate(naming.map((key) => ({ key, changes: { is_file_left } })));
  });
}
