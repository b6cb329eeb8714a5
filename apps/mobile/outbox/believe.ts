/** A receipt counts only if this installation signed it (Ed25519 over its canonical JSON, without `signature`). */
import canonicalize from "canonicalize";
import type { ProblemBody } from "./shapes";

/** Whether a receipt is what the server signed. */
export type Believes = (receipt: object) => Promise<boolean>;

export const NOT_BELIEVED: ProblemBody = {
  code: "client.receipt_not_believed",
  title: "收到的回执未通过签名核验，不作数；记录仍在本机。请确认网络可靠，重新登录后再发送",
  title_en: "The receipt's signature does not hold, so it does not count and the record stays here. Check the network, sign in again and send",
};

/** Checks receipts with the key that `keyOf` gives; without one nothing is believed. */
export function believer(keyOf: () => Promise<string | null>): Believes {
  return async (receipt) => {
    const { signature, ...said } = receipt as { signature?: unknown };
    const key = await keyOf();
    if (key === null || typeof signature !== "string" || !/^[0-9a-f]{128}$/.test(signature)) return false;
    return isSigned(bytesOf(key), bytesOf(signature), new TextEncoder().encode(canonicalize(said)));
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

async function isSigned(key: Bytes, signature: Bytes, content: Bytes): Promise<boolean> {
  const known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch(() => null);
  if (known) return crypto.subtle.verify("Ed25519", known, signature, content);
  const { ed25519 } = await import("@noble/curves/ed25519.js"); // browsers from before 2025
  return ed25519.verify(signature, content, key, { zip215: false });
}

const bytesOf = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
