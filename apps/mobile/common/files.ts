/** Where each file of this phone stands on its way, in words that fit on a line. */
import type { ShallowRef } from "vue";
import { w } from "@shared/terms";
import { sizeText } from "@shared/ui/bytes";
import { deedsWithFileLeft } from "../outbox/queue";
import type { DeedRow, UploadRow } from "../outbox/shapes";
import { accountId } from "./account";
import { store, useLive } from "./live";
import { titleOf } from "./say";
import { sending } from "./sending";

/** By digest: the bookkeeping of files that have no receipt yet; those that have arrived are not in it. */
export type FilesLeft = Map<string, Partial<UploadRow>>;

/** Always as it is now. No bytes are read for it. */
export function useFilesLeft(): ShallowRef<FilesLeft> {
  return useLive(accountId, filesLeft, new Map() as FilesLeft);
}

async function filesLeft(account_id: string): Promise<FilesLeft> {
  const left = [...new Set((await deedsWithFileLeft(store, account_id)).map((row) => row.sha256))];
  const known = await store.uploads.bulkGet(left);
  return new Map(left.map((sha256, place) => [sha256, known[place] ?? {}]));
}

export interface FileStand { tone: "warn" | "bad"; words: string; percent: number }

/** How far the file of a record is; null if it has none, or it has arrived. */
export function standOf(row: DeedRow, left: FilesLeft): FileStand | null {
  const upload = row.sha256 === "" ? undefined : left.get(row.sha256);
  if (upload === undefined) return null;
  if (upload.is_stuck && upload.problem) return { tone: "bad", words: w(`原件未收：${titleOf(upload.problem)}`, `original not taken: ${titleOf(upload.problem)}`), percent: 0 };
  if (upload.problem) return { tone: "bad", words: titleOf(upload.problem), percent: 0 };
  const size = Number(row.deed.payload.size ?? 0);
  const going = sending.value.file?.sha256 === row.sha256 ? sending.value.file : null;
  const percent = percentOf(going?.sent ?? upload.sent ?? 0, going?.size ?? size);
  const of = size > 0 ? ` / ${sizeText(size)}` : "";
  if (going) return { tone: "warn", words: w(`原件正在传 ${percent}%${of}`, `original ${percent}%${of}`), percent };
  return { tone: "warn", words: percent > 0 ? w(`原件已传 ${percent}%${of}，稍后续传`, `original ${percent}%${of}, goes on later`) : w(`原件待传${of}`, `original to send${of}`), percent };
}

/** Never 100 before its receipt: the last step is the server's. */
export const percentOf = (sent: number, size: number): number => (size > 0 ? Math.min(99, Math.floor((sent * 100) / size)) : 0);
