import createClient from "openapi-fetch";
import { ApiProblem, problemFrom, unreachable } from "./problem";
import type { paths } from "./schema";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** Every address, query and body is checked against the server's description when this is compiled. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: (request) => fetch(request),
});

const signedOutListeners = new Set<() => void>();

/** `listener` runs whenever the server says the session has ended (401). */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

interface Reply { data?: unknown; error?: unknown; response: Response }

/** What the server answered. Throws ApiProblem: its refusal, or that it could not be reached. */
export async function answer<T>(call: Promise<Reply>): Promise<T> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw reason instanceof ApiProblem ? reason : unreachable();
  });
  if (response.ok) return data as T;
  if (response.status === 401) signedOutListeners.forEach((tell) => tell());
  throw problemFrom(response.status, error);
}

/** The address with its query; empty, null and undefined values are left out. */
export function address(path: string, query: Query = {}): string {
  const text = new URLSearchParams(Object.entries(filled(query)).map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The query without what is empty. */
export function filled<Q extends Query>(query: Q): Q {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "")) as Q;
}
