/** How the outbox reaches the server. It tells apart: no answer, an answer that refuses, and a session that has ended. */
import type { Deed, ProblemBody, Receipt } from "./shapes";

export interface Answer { receipts: Receipt[]; server_now: string }

export interface Wire {
  /** The account that the server knows this browser by. */
  whoAmI(): Promise<string>;
  /** The file is with the server. */
  putFile(sha256: string, bytes: ArrayBuffer, media_type: string): Promise<void>;
  postDeeds(deeds: Deed[]): Promise<Answer>;
}

/** No answer, or none that this server gave (a login page of a guest network, a broken proxy): nothing is known. */
export class Unreachable extends Error {}
/** The server answered, and not with what was asked for. */
export class Answered extends Error {
  constructor(readonly status: number, readonly problem: ProblemBody) {
    super(problem.title);
  }
}

const SECONDS = 1000;
/** The slowest link that we wait for; below it a transfer is begun again later. */
const SLOWEST_BYTES_PER_S = 8_000;

export const httpWire: Wire = {
  async whoAmI() {
    const said = (await call("GET", "/api/session", null, null, 30 * SECONDS)) as { account_id?: unknown } | null;
    if (typeof said?.account_id !== "string") throw new Unreachable("not an answer of this server");
    return said.account_id;
  },
  async putFile(sha256, bytes, media_type) {
    const patience = 30 * SECONDS + (bytes.byteLength / SLOWEST_BYTES_PER_S) * SECONDS;
    await call("PUT", `/api/evidence/files/${sha256}`, bytes, media_type, patience);
  },
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

function problemOf(status: number, said: unknown): ProblemBody {
  const body = (said ?? {}) as Partial<ProblemBody>;
  const code = body.code ?? `client.http_${status}`;
  return { ...body, code, title: body.title ?? `服务器返回 ${status}`, title_en: body.title_en ?? `The server answered ${status}` };
}
