/** What the wire tells apart, so that what carries files and what carries deeds say it alike. */
import type { ProblemBody } from "./shapes";

/** No answer, or none that this server gave (a login page of a guest network, a broken proxy): nothing is known. */
export class Unreachable extends Error {}
/** The server answered, and not with what was asked for. */
export class Answered extends Error {
  constructor(readonly status: number, readonly problem: ProblemBody) {
    super(problem.title);
  }
}

export function problemOf(status: number, said: unknown): ProblemBody {
  const body = (said ?? {}) as Partial<ProblemBody>;
  const code = body.code ?? `client.http_${status}`;
  return { ...body, code, title: body.title ?? `服务器返回 ${status}`, title_en: body.title_en ?? `The server answered ${status}` };
}
