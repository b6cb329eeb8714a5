import { problemFrom, unreachable } from "./problem";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** The address with its query; empty, null and undefined values are left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

const signedOutListeners = new Set<() => void>();

/** `listener` runs whenever the server says the session has ended (401). */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** The decoded answer. Throws ApiProblem: the server's refusal, or that it could not be reached. */
export async function send<T>(method: string, path: string, init: { query?: Query; json?: unknown; form?: FormData } = {}): Promise<T> {
  const response = await reach(address(path, init.query), request(method, init));
  if (response.status === 204) return undefined as T;
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  if (response.status === 401) signedOutListeners.forEach((tell) => tell());
  throw problemFrom(response.status, body);
}

function request(method: string, init: { json?: unknown; form?: FormData }): RequestInit {
  if (init.form) return { method, body: init.form, credentials: "same-origin" };
  if (init.json === undefined) return { method, credentials: "same-origin" };
  return { method, body: JSON.stringify(init.json), headers: { "Content-Type": "application/json" }, credentials: "same-origin" };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw unreachable();
  }
}

export const get = <T>(path: string, query?: Query) => send<T>("GET", path, { query });
export const post = <T>(path: string, json: unknown = {}) => send<T>("POST", path, { json });
export const upload = <T>(path: string, form: FormData) => send<T>("POST", path, { form });
export const remove = <T>(path: string) => send<T>("DELETE", path);
