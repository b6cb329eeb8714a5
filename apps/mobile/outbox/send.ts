/** Deeds go as far as they can. What carries files is beside this (files.ts): a form does not wait for its pictures. */
import { NOT_BELIEVED, type Believes } from "./believe";
import type { Store } from "./db";
import { Answered, Unreachable } from "./faults";
import { sendFile, type Moved } from "./files";
import { hearReceipts } from "./hear";
import { filesToSend, fileToSend, queueOf, type FileToSend } from "./queue";
import { isUnsent, type DeedRow, type ProblemBody } from "./shapes";
import type { Wire } from "./wire";

/** Few enough that a weak link gets a batch through, many enough that a visit is few trips. */
export const BATCH = 50;
/** Statuses that are about what was sent. Any other says that the server cannot or will not hear anything now. */
export const ABOUT_CONTENT = new Set([400, 403, 413, 415, 422, 500]);

/** done: everybody had a turn · unreachable · signed_out · busy: the server cannot now. */
export type End = "done" | "unreachable" | "signed_out" | "busy";
/** `settled`: how many deeds got an answer that is not `waiting`, and how many pieces of files got through. */
export interface Round { end: End; settled: number; problem: ProblemBody | null }

/** `believes` checks the signatures of receipts; only a test's server, which signs nothing, goes without. */
export interface Sending { store: Store; wire: Wire; account_id: string; now: () => Date; believes?: Believes }

/** Every deed and file that may go had one turn, or the round ended early. What has no receipt afterwards is still unsent. */
export function sendRound(sending: Sending): Promise<Round> {
  const tried = new Set<string>();
  return inRound(sending, async () => (await hasDeeds(sending)) || (await hasFiles(sending)), async (round) => {
    const line = new FileLine(sending, tried);
    do await deedsAsFarAsTheyGo(sending, tried, round);
    while (await oneFile(sending, line, round));
  });
}

/** Every deed that may go had one turn. */
export function sendDeeds(sending: Sending): Promise<Round> {
  return inRound(sending, () => hasDeeds(sending), (round) => deedsAsFarAsTheyGo(sending, new Set(), round));
}

/** Every file had one turn, those that a deed waits for first; `freed` is called whenever one of those has arrived. */
export function sendFiles(sending: Sending, freed: () => void, moved?: Moved): Promise<Round> {
  const line = new FileLine(sending, new Set());
  return inRound(sending, () => hasFiles(sending), async (round) => {
    for (let file = await oneFile(sending, line, round, moved); file; file = await oneFile(sending, line, round, moved)) {
      if (file.naming.some(isUnsent)) freed();
    }
  });
}

const hasDeeds = async ({ store, account_id }: Sending): Promise<boolean> => (await queueOf(store, account_id)).ready.length > 0;
const hasFiles = async ({ store, account_id }: Sending): Promise<boolean> => (await filesToSend(store, account_id)).length > 0;

/** Deeds of one officer must never be sent in the name of another who signed in on the same phone: the server is asked first. */
async function inRound(sending: Sending, isAnything: () => Promise<boolean>, work: (round: Round) => Promise<void>): Promise<Round> {
  const round: Round = { end: "done", settled: 0, problem: null };
  try {
    if (!(await isAnything())) return round;
    if ((await sending.wire.whoAmI()) !== sending.account_id) return { ...round, end: "signed_out" };
    await work(round);
  } catch (reason) {
    if (reason instanceof Unreachable) return { ...round, end: "unreachable" };
    if (reason instanceof Answered) return { ...round, end: reason.status === 401 ? "signed_out" : "busy", problem: reason.problem };
    throw reason;
  }
  return round;
}

async function deedsAsFarAsTheyGo(sending: Sending, tried: Set<string>, round: Round): Promise<void> {
  for (;;) {
    const { ready } = await queueOf(sending.store, sending.account_id);
    const batch = ready.filter((row) => !tried.has(row.id)).slice(0, BATCH);
    if (batch.length === 0) return;
    batch.forEach((row) => tried.add(row.id));
    await postBatch(sending, batch, round);
  }
}

/** The file that had its turn; undefined once none is left that has not been tried in this round. */
async function oneFile(sending: Sending, line: FileLine, round: Round, moved?: Moved): Promise<FileToSend | undefined> {
  const next = await line.next();
  if (next !== undefined) await sendFile(sending, next, round, moved);
  return next;
}

/**
 * The files of one round, each once. What a deed waits for goes first whenever it turns up; the others as they were found, and they
 * are looked for again only when those are through: with hundreds of photos waiting, finding them anew for each would take longer
 * than sending it.
 */
class FileLine {
  private found: string[] = [];

  constructor(private readonly sending: Sending, private readonly tried: Set<string>) {}

  async next(): Promise<FileToSend | undefined> {
    const { store, account_id } = this.sending;
    for (let sha256 = await this.nextName(); sha256 !== undefined; sha256 = await this.nextName()) {
      this.tried.add(sha256);
      const file = await fileToSend(store, account_id, sha256);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  private async nextName(): Promise<string | undefined> {
    const { store, account_id } = this.sending;
    const { fileFirst } = await queueOf(store, account_id);
    const awaited = fileFirst.find((row) => !this.tried.has(row.sha256));
    if (awaited) return awaited.sha256;
    const isLeft = (sha256: string): boolean => !this.tried.has(sha256);
    if (!this.found.some(isLeft)) this.found = (await filesToSend(store, account_id)).map((file) => file.sha256);
    return this.found.find(isLeft);
  }
}

/** One deed that the server chokes on must not hold up the others: a batch that fails as a whole is halved. */
async function postBatch(sending: Sending, batch: DeedRow[], round: Round): Promise<void> {
  const { store, wire } = sending;
  await store.deeds.bulkUpdate(batch.map((row) => ({ key: row.seq!, changes: { is_in_doubt: true } })));
  const asked_at = sending.now();
  try {
    const answer = await wire.postDeeds(batch.map((row) => row.deed));
    const { settled, doubted } = await hearReceipts(store, batch, answer.receipts, sending.now(), sending.believes);
    round.settled += settled;
    if (doubted > 0) round.problem = NOT_BELIEVED;
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

/** How far this phone's clock is ahead of the server's, taking the middle of the request as the moment of the answer. */
async function keepDrift(sending: Sending, asked_at: Date, server_now: string): Promise<void> {
  const middle = (asked_at.getTime() + sending.now().getTime()) / 2;
  const drift_ms = Math.round(middle - Date.parse(server_now));
  if (Number.isFinite(drift_ms)) await sending.store.set("drift_ms", drift_ms);
}
