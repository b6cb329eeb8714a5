/** One round of sending: deeds as far as they can go, then a file, then what the file was for, until nothing moves. */
import { digestOfBytes } from "./digest";
import type { Store } from "./db";
import { hearReceipts, markRefused } from "./hear";
import { queueOf, type Queue } from "./queue";
import type { DeedRow, ProblemBody } from "./shapes";
import { Answered, Unreachable, type Wire } from "./wire";

/** Few enough that a weak link gets a batch through, many enough that a visit is few trips. */
export const BATCH = 50;
/** Statuses that are about what was sent. Any other says that the server cannot or will not hear anything now. */
const ABOUT_CONTENT = new Set([400, 403, 413, 415, 422, 500]);

/** done: everybody had a turn · unreachable · signed_out · busy: the server cannot now. */
export type End = "done" | "unreachable" | "signed_out" | "busy";
/** `settled`: how many deeds got an answer that is not `waiting`. */
export interface Round { end: End; settled: number; problem: ProblemBody | null }

export interface Sending { store: Store; wire: Wire; account_id: string; now: () => Date }

/** Every deed and file that may go had one turn, or the round ended early. What has no receipt afterwards is still unsent. */
export async function sendRound(sending: Sending): Promise<Round> {
  const tried = new Set<string>();
  const round: Round = { end: "done", settled: 0, problem: null };
  try {
    if (!(await isOurs(sending))) return { ...round, end: "signed_out" };
    while (await step(sending, await queueOf(sending.store, sending.account_id), tried, round));
  } catch (reason) {
    if (reason instanceof Unreachable) return { ...round, end: "unreachable" };
    if (reason instanceof Answered) return { ...round, end: reason.status === 401 ? "signed_out" : "busy", problem: reason.problem };
    throw reason;
  }
  return round;
}

/** Deeds of one officer must never be sent in the name of another who signed in on the same phone. */
async function isOurs({ store, wire, account_id }: Sending): Promise<boolean> {
  const { ready, fileFirst } = await queueOf(store, account_id);
  return ready.length + fileFirst.length === 0 || (await wire.whoAmI()) === account_id;
}

/** False once nothing is left that has not been tried in this round. */
async function step(sending: Sending, queue: Queue, tried: Set<string>, round: Round): Promise<boolean> {
  const batch = queue.ready.filter((row) => !tried.has(row.id)).slice(0, BATCH);
  if (batch.length > 0) {
    batch.forEach((row) => tried.add(row.id));
    await postBatch(sending, batch, round);
    return true;
  }
  const next = queue.fileFirst.find((row) => !tried.has(row.sha256));
  if (next === undefined) return false;
  tried.add(next.sha256);
  await putFile(sending, next, queue.fileFirst.filter((row) => row.sha256 === next.sha256), round);
  return true;
}

/** One deed that the server chokes on must not hold up the others: a batch that fails as a whole is halved. */
async function postBatch(sending: Sending, batch: DeedRow[], round: Round): Promise<void> {
  const { store, wire } = sending;
  await store.deeds.bulkUpdate(batch.map((row) => ({ key: row.seq!, changes: { is_in_doubt: true } })));
  const asked_at = sending.now();
  try {
    const answer = await wire.postDeeds(batch.map((row) => row.deed));
    round.settled += await hearReceipts(store, batch, answer.receipts, sending.now());
    await keepDrift(sending, asked_at, answer.server_now);
  } catch (reason) {
    if (!(reason instanceof Answered) || isAboutAll(reason)) throw reason;
    await halve(sending, batch, round, reason);
  }
}

const isAboutAll = (reason: Answered): boolean => !ABOUT_CONTENT.has(reason.status);

async function halve(sending: Sending, batch: DeedRow[], round: Round, reason: Answered): Promise<void> {
  round.problem = reason.problem;
  if (batch.length === 1) {
    await sending.store.deeds.update(batch[0]!.seq!, { problem: reason.problem });
    return;
  }
  const middle = Math.ceil(batch.length / 2);
  await postBatch(sending, batch.slice(0, middle), round);
  await postBatch(sending, batch.slice(middle), round);
}

async function putFile(sending: Sending, row: DeedRow, naming: DeedRow[], round: Round): Promise<void> {
  const { store, wire } = sending;
  const file = await store.files.get(row.sha256);
  if (!file?.bytes || (await digestOfBytes(file.bytes)) !== row.sha256) return markRefused(store, naming, DAMAGED);
  try {
    await wire.putFile(file.sha256, file.bytes, file.media_type);
    await store.files.update(file.sha256, { sent_at: sending.now().toISOString() });
  } catch (reason) {
    if (!(reason instanceof Answered) || isAboutAll(reason)) throw reason;
    round.problem = reason.problem;
    if (reason.status < 500) await markRefused(store, naming, reason.problem);
  }
}

const DAMAGED: ProblemBody = {
  code: "client.file_damaged",
  title: "本机保存的原文件已损坏，与拍摄时的摘要不符",
  title_en: "The file kept on this phone no longer matches its digest at capture",
};

/** How far this phone's clock is ahead of the server's, taking the middle of the request as the moment of the answer. */
async function keepDrift(sending: Sending, asked_at: Date, server_now: string): Promise<void> {
  const middle = (asked_at.getTime() + sending.now().getTime()) / 2;
  const drift_ms = Math.round(middle - Date.parse(server_now));
  if (Number.isFinite(drift_ms)) await sending.store.set("drift_ms", drift_ms);
}
