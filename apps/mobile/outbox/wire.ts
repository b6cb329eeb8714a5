/** How the outbox reaches the server. It tells apart: no answer, an answer that refuses, and a session that has ended. */
import { Answered, problemOf, Unreachable } from "./faults";
import type { Deed, FileReceipt, Receipt } from "./shapes";
import { sendInPieces } from "./upload";

export interface Answer { receipts: Receipt[]; server_now: string }

/** Where a file goes on that was begun before, and who hears how far it is. */
export interface OnItsWay {
  url: string | null;
  begun(url: string): void;
  /** So many bytes have left this phone. */
  moved(sent: number): void;
  /** So many bytes are with the server for sure. */
  held(sent: number): void;
}

export interface Wire {
  /** The account that the server knows this browser by. */
  whoAmI(): Promise<string>;
  /** Every byte of the file is with the server, which signed for it. What it had before is not sent again. */
  putFile(sha256: string, bytes: ArrayBuffer, media_type: string, way?: OnItsWay): Promise<FileReceipt | void>;
  postDeeds(deeds: Deed[]): Promise<Answer>;
}

export { Answered, Unreachable } from "./faults";

const SECONDS = 1000;

export const httpWire: Wire = {
  async whoAmI() {
    const said = (await call("GET", "/api/session", null, null, 30 * SECONDS)) as { account_id?: unknown } | null;
    if (typeof said?.account_id !== "string") throw new Unreachable("not an answer of this server");
    return said.account_id;
  },
  putFile: sendInPieces,
  async postDeeds(deeds) {
    const said = await call("POST", "/api/deeds", JSON.stringify({ deeds }), "application/json", 60 * SECONDS);
    if (!isAnswer(said)) throw new Unreachable("not an answer of this server");
    return said;
  },
};

async function call(method: string, path: string, body: BodyInit | null, media_type: string | null, patience_ms: number): Promise<unknown> {
  const signal = AbortSignal.timeout(patience_ms);
  const headers: Record<string, string> = media_type === null ? {} : { "Content-Type": media_type };
  try {
    const response = await fetch(path, { method, body, headers, credentials: "same-origin", signal });
    const said: unknown = await response.json();
    if (response.ok) return said;
    throw new Answered(response.status, problemOf(response.status, said));
  } catch (reason) {
    if (reason instanceof Answered) throw reason;
    throw new Unreachable(String(reason));
  }
}

function isAnswer(said: unknown): said is Answer {
  const { receipts, server_now } = (said ?? {}) as Partial<Answer>;
  return Array.isArray(receipts) && typeof server_now === "string";
}
