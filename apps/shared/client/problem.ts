/** What the server answers instead of a result (problem+json), as something a page can show. */

import { language } from "../terms";

export interface FieldError { field: string; code: string; message: string; message_en?: string }

interface ProblemBody {
  code?: string;
  title?: string;
  title_en?: string;
  detail?: string | null;
  rule?: unknown;
  field_errors?: FieldError[];
  request_id?: string | null;
}

export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly titleZh: string,
    readonly titleEn: string,
    readonly detail: string | null = null,
    readonly rule: string | null = null,
    readonly fieldErrors: FieldError[] = [],
    readonly requestId: string | null = null,
  ) {
    super(titleZh);
  }

  /** What went wrong, in the language that is shown. */
  get title(): string {
    return language.value === "zh" ? this.titleZh : this.titleEn;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** The server could not be reached: no answer, so nothing is known about what it did. */
export function unreachable(): ApiProblem {
  return new ApiProblem(0, "client.unreachable", "网络不通，未连上服务器", "The server cannot be reached");
}

/** An answer that is not problem+json (a proxy's page, say) still becomes a problem with its status. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const said: ProblemBody = typeof body === "object" && body !== null ? body : {};
  const code = said.code ?? `client.http_${status}`;
  return new ApiProblem(
    status,
    code,
    said.title ?? `服务器返回 ${status}`,
    said.title_en ?? said.title ?? `The server answered ${status}`,
    said.detail ?? null,
    ruleText(said.rule),
    said.field_errors ?? [],
    said.request_id ?? null,
  );
}

/** A rule comes as its text, or as a record with title and article. */
function ruleText(rule: unknown): string | null {
  if (typeof rule === "string" && rule !== "") return rule;
  if (typeof rule !== "object" || rule === null) return null;
  const { title, article, text } = rule as Record<string, unknown>;
  const words = [title, article, text].filter((part): part is string => typeof part === "string" && part !== "");
  return words.length > 0 ? words.join(" ") : null;
}
