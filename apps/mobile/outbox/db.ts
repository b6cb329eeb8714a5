/** The phone's own store. Everything an officer did is in here before the screen says so. */
import Dexie, { type EntityTable } from "dexie";
import type { DeedRow, DraftRow, FileRow, FixRow, Json, ReceiptRow, SettingRow, TaskRow, UploadRow } from "./shapes";

export class Store extends Dexie {
  deeds!: EntityTable<DeedRow, "seq">;
  files!: EntityTable<FileRow, "sha256">;
  receipts!: EntityTable<ReceiptRow, "seq">;
  drafts!: EntityTable<DraftRow, "key">;
  tasks!: EntityTable<TaskRow, "id">;
  uploads!: EntityTable<UploadRow, "sha256">;
  fixes!: EntityTable<FixRow, "seq">;
  settings!: EntityTable<SettingRow, "name">;

  /** `strict`: a write has reached the disk, not only the system's memory, before it counts as done. */
  constructor(name = "liandong-mobile") {
    super(name, { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      deeds: "++seq, &id, account_id, [account_id+state], task_id, inspection_id, sha256",
      files: "sha256",
      receipts: "++seq, deed_id",
      drafts: "key, about, account_id",
      tasks: "id, account_id",
      settings: "name",
    });
    // which files were sent is asked often, and must not read their bytes
    this.version(2).stores({ files: "sha256, sent_at", uploads: "sha256" });
    this.version(3).stores({ fixes: "++seq, [account_id+task_id], at" });
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
