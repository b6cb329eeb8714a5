/** The key that this installation signs receipts with: learnt when somebody signs in, kept on the phone, checked ever after. */
import { phone } from "@shared/client/calls";
import { believer } from "../outbox/believe";
import { store } from "./live";

const KEPT_AS = "receipt_key";

/** The key as the server says it now; only whoever has just proven a password is told anew. Throws ApiProblem. */
export async function learnReceiptKey(): Promise<string> {
  const { public_key } = await phone.receiptKey();
  await store.set(KEPT_AS, public_key);
  return public_key;
}

/** A phone that signed in with an older version of the app learns the key once, before it believes its first receipt. */
async function knownKey(): Promise<string | null> {
  return (await store.setting<string>(KEPT_AS)) ?? learnReceiptKey().catch(() => null);
}

export const believesReceipts = believer(knownKey);
