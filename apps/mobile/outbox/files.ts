/** One file on its way to the server: digest first, then the bytes, then a receipt that is believed or not. */
import { NOT_BELIEVED } from "./believe";
import type { Store } from "./db";
import { digestOfBytes } from "./digest";
import { Answered } from "./faults";
import { markRefused } from "./hear";
import { markFile } from "./left";
import type { FileToSend } from "./queue";
import type { Round, Sending } from "./send";
import { isUnsent, type FileReceipt, type FileRow, type ProblemBody, type UploadRow } from "./shapes";

/** How much of a file has gone, in bytes; what the server has not yet answered counts too. */
export interface FileProgress { sha256: string; sent: number; size: number }
export type Moved = (progress: FileProgress | null) => void;

/** What a person has to look at: sending it again would not help. */
const ABOUT_FILE = new Set([400, 403, 413, 415, 422]);
const STUCK_CODES = new Set(["evidence.upload_conflict"]);

const DAMAGED: ProblemBody = {
  code: "client.file_damaged",
  title: "本机保存的原文件已损坏，与拍摄时的摘要不符",
  title_en: "The file kept on this phone no longer matches its digest at capture",
};

/** The file has its receipt, or says why not. Throws what is not about this file. */
export async function sendFile(sending: Sending, file: FileToSend, round: Round, moved: Moved = () => undefined): Promise<void> {
  const kept = await sending.store.files.get(file.sha256);
  if (!kept?.bytes || (await digestOfBytes(kept.bytes)) !== file.sha256) return stick(sending, file, DAMAGED);
  try {
    const receipt = await carry(sending, { ...kept, bytes: kept.bytes }, round, moved);
    if (await isTrue(sending, kept, receipt)) return await settle(sending, file.sha256, receipt ?? null, round);
    round.problem = NOT_BELIEVED;
    await note(sending, file.sha256, { problem: NOT_BELIEVED });
  } catch (reason) {
    if (!(reason instanceof Answered)) throw reason;
    round.problem = reason.problem;
    if (ABOUT_FILE.has(reason.status) || STUCK_CODES.has(reason.problem.code)) return stick(sending, file, reason.problem);
    if (reason.status !== 500) throw reason;
  } finally {
    moved(null);
  }
}

async function carry(sending: Sending, kept: FileRow & { bytes: ArrayBuffer }, round: Round, moved: Moved): Promise<FileReceipt | void> {
  const { sha256, size } = kept;
  const known = await sending.store.uploads.get(sha256);
  const remember = (changes: Partial<UploadRow>): void => {
    note(sending, sha256, changes).catch(() => undefined); // forgotten, the server is asked for it
  };
  moved({ sha256, sent: known?.sent ?? 0, size });
  return sending.wire.putFile(sha256, kept.bytes, kept.media_type, {
    url: known?.url ?? null,
    begun: (url) => remember({ url }),
    moved: (sent) => moved({ sha256, sent, size }),
    held: (sent) => {
      round.settled += 1; // the line bears something: the next pause is short
      remember({ sent });
    },
  });
}

/** It speaks of this file and this server signed it. */
async function isTrue({ believes }: Sending, kept: FileRow, receipt: FileReceipt | void): Promise<boolean> {
  if (!believes) return true;
  return receipt !== undefined && receipt.outcome === "kept" && receipt.sha256 === kept.sha256 && receipt.size === kept.size && believes(receipt);
}

async function settle(sending: Sending, sha256: string, receipt: FileReceipt | null, round: Round): Promise<void> {
  const { store } = sending;
  await store.transaction("rw", store.files, store.deeds, store.uploads, async () => {
    await markFile(store, sha256, sending.now().toISOString());
    await note(sending, sha256, { receipt, problem: null, is_stuck: 0 });
  });
  round.settled += 1;
}

const FRESH: Omit<UploadRow, "sha256"> = { url: null, sent: 0, receipt: null, problem: null, is_stuck: 0 };

async function note({ store }: Sending, sha256: string, changes: Partial<UploadRow>): Promise<void> {
  await store.transaction("rw", store.uploads, async () => {
    const known = await store.uploads.get(sha256);
    await store.uploads.put({ sha256, ...FRESH, ...known, ...changes });
  });
}

/** It stays in sight until a person has looked; deeds that wait for it are as good as refused. */
async function stick(sending: Sending, file: FileToSend, problem: ProblemBody): Promise<void> {
  await note(sending, file.sha256, { problem, is_stuck: 1 });
  await markRefused(sending.store, file.naming.filter(isUnsent), problem);
}

/** A person wants it tried once more: what stood against it may be gone. */
export async function tryFileAgain(store: Store, sha256: string): Promise<void> {
  await store.uploads.update(sha256, { is_stuck: 0, problem: null });
}
