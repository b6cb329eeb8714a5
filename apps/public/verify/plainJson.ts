/** JSON from somebody else's hands: read within limits, compared by its one canonical form (RFC 8785). */
import { sha256 as hash } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { DEEPEST_JSON, LARGEST_JSON } from "./form";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Bytes = Uint8Array<ArrayBufferLike>;

/** The bytes are no JSON that can be compared. */
export class NotPlain extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** The SHA-256 of bytes, 64 hex characters. Not the browser's own: that one is missing where a page came without TLS. */
export function sha256(content: Bytes): string {
  const known = digests.get(content) ?? bytesToHex(hash(content));
  digests.set(content, known);
  return known;
}

/** Originals are asked for twice, and are large. */
const digests = new WeakMap<Bytes, string>();

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** The SHA-256 of a value as canonical JSON. */
export const digest = (value: Json): string => sha256(utf8(canonical(value)));

/** A value as canonical JSON. */
export function canonical(value: Json): string {
  try {
    return canonicalize(value) as string;
  } catch {
    throw new NotPlain("unreadable");
  }
}

export const isObject = (value: unknown): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value that the bytes stand for, and only if they are its canonical form. */
export function readJson(content: Bytes): Json {
  if (content.length > LARGEST_JSON) throw new NotPlain("too large");
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    value = JSON.parse(text) as Json;
  } catch {
    throw new NotPlain("unreadable");
  }
  if (depth(value) > DEEPEST_JSON) throw new NotPlain(depth(value) > DEEPEST_PARSED ? "unreadable" : "too deep");
  if (canonical(value) !== text) throw new NotPlain("not canonical");
  return value;
}

/** Deeper than this the other implementation cannot even parse it. */
const DEEPEST_PARSED = 900;

function depth(value: Json): number {
  let deepest = 0;
  let level: Json[] = [value];
  while (level.length > 0) {
    deepest += 1;
    level = level.flatMap((one) => (Array.isArray(one) ? one : isObject(one) ? Object.values(one) : []));
  }
  return deepest;
}
