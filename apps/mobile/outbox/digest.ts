/** Digests that mean the same on phone and server: SHA-256 over RFC 8785 canonical JSON, and over bytes. */
import canonicalize from "canonicalize";
import type { Deed, Json } from "./shapes";

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of the bytes, 64 hex characters. */
export async function digestOfBytes(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** The digest of a deed without its `digest`. */
export async function digestOfDeed(deed: Omit<Deed, "digest"> | { [name: string]: Json }): Promise<string> {
  const { digest: _left_out, ...said } = deed as { [name: string]: Json };
  return digestOfBytes(new TextEncoder().encode(canonicalize(said)));
}

/**
 * The value as plain JSON that canonical JSON and PostgreSQL both can hold: without undefined, lone surrogates
 * (half an emoji, cut off by a keyboard) and NUL.
 */
export function clean<T>(value: T): T {
  const plain: unknown = JSON.parse(JSON.stringify(value), (_name, item: unknown) => (typeof item === "string" ? cleanText(item) : item));
  return plain as T;
}

const cleanText = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\u0000", "");
