/** The phone's own store. Everything an officer did is in here before the screen says so. */
import type { EntityTable } from "dexie";
import { Follower } from "./second";
import { NOT_SENT, type DeedRow, type FileRow, type FixRow, type Json, type UploadRow } from "./shapes";
import { Tables } from "./tables";

const DEEDS = "++seq, &id, account_id, [account_id+state], task_id, inspection_id, sha256";

export class Store extends Tables {
  fixes!: EntityTable<FixRow, "seq">;
  /** Follows every change with a copy, once it was given a place. */
  readonly second = new Follower();

  /** `strict`: a write has reached the disk, not only the system's memory, before it counts as done. */
  constructor(name = "liandong-mobile") {
    super(name, { chromeTransactionDurability: "strict" });
    this.use({ stack: "dbcore", name: "second copy", level: -2, create: this.second.layer });
    this.version(1).stores({
      deeds: DEEDS,
      files: "sha256",
      receipts: "++seq, deed_id",
      drafts: "key, about, account_id",
      tasks: "id, account_id",
      settings: "name",
    });
    // which files were sent is asked often, and must not read their bytes
    this.version(2).stores({ files: "sha256, sent_at", uploads: "sha256" });
    // what is left to send is found by index: a phone that is used for years must not count all it ever sent
    this.version(3).stores({ files: "sha256, sent_at, [sha256+sent_at]", uploads: "sha256, is_stuck" }).upgrade(async (all) => {
      await all.table<UploadRow>("uploads").toCollection().modify((row) => {
        row.is_stuck = row.is_stuck ? 1 : 0;
      });
      const files = all.table<FileRow, string>("files");
      const sent = new Set(await files.where("sent_at").above(NOT_SENT).primaryKeys());
      const left = (await files.toCollection().primaryKeys()).filter((sha256) => !sent.has(sha256));
      for (const sha256 of left) await files.update(sha256, { sent_at: NOT_SENT }); // one at a time: there may be no memory for all
    });
    // with hundreds of photos waiting, asking file by file which deeds name it took most of the phone's time
    this.version(4)
      .stores({ deeds: `${DEEDS}, [account_id+is_file_left]`, fixes: "++seq, [account_id+task_id], at" })
      .upgrade(async (all) => {
        const left = new Set(await all.table<FileRow, string>("files").where("sent_at").equals(NOT_SENT).primaryKeys());
        await all.table<DeedRow>("deeds").toCollection().modify((row) => {
          row.is_file_left = left.has(row.sha256) ? 1 : 0;
        });
      });
  }

  async setting<T extends Json>(name: string): Promise<T | null> {
    return ((await this.settings.get(name))?.value as T | undefined) ?? null;
  }

  async set(name: string, value: Json): Promise<void> {
    await this.settings.put({ name, value });
  }
}

/** The browser was asked not to clear this store when space is short. False: it may (the page should say so). */
export async function askToPersist(): Promise<boolean> {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}
