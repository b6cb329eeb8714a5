/** The tables that the phone's store and the copy of it both have. */
import Dexie, { type EntityTable } from "dexie";
import type { DeedRow, DraftRow, FileRow, ReceiptRow, SettingRow, TaskRow, UploadRow } from "./shapes";

export class Tables extends Dexie {
  deeds!: EntityTable<DeedRow, "seq">;
  files!: EntityTable<FileRow, "sha256">;
  receipts!: EntityTable<ReceiptRow, "seq">;
  drafts!: EntityTable<DraftRow, "key">;
  tasks!: EntityTable<TaskRow, "id">;
  uploads!: EntityTable<UploadRow, "sha256">;
  settings!: EntityTable<SettingRow, "name">;
}
