/** Whose phone it is now. It is known without the server, so that the app opens anywhere; the server is asked when it can be. */
import { computed, ref } from "vue";
import { session } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Actor } from "@shared/client/types";
import type { Json } from "../outbox/shapes";
import { countOf } from "../outbox/queue";
import { store } from "./live";
import { heardServer, missedServer } from "./net";
import { learnReceiptKey } from "./receiptKey";

export const actor = ref<Actor | null>(null);
/** The server knows us no more: nothing can be sent until the officer signs in again; what is on the phone stays usable. */
export const isSignedOut = ref(false);
export const accountId = computed(() => actor.value?.account_id ?? "");

const KEPT_AS = "actor";

/** The actor that this phone last knew, or null. */
export async function recall(): Promise<void> {
  actor.value = await store.setting<Json>(KEPT_AS) as Actor | null;
}

/** Asks the server who is signed in. Without an answer everything stays as it is. */
export async function askServer(): Promise<void> {
  if (actor.value === null) return;
  try {
    const known = await session.read();
    heardServer();
    isSignedOut.value = known.account_id !== actor.value.account_id;
    if (!isSignedOut.value) await keepActor(known);
  } catch (reason) {
    if (!(reason instanceof ApiProblem)) throw reason;
    if (reason.isSignedOut) isSignedOut.value = true;
    if (reason.status === 0) missedServer();
  }
}

/** Throws ApiProblem. */
export async function signIn(login: string, password: string): Promise<void> {
  const { actor: known } = await session.open(login, password);
  heardServer();
  await learnReceiptKey();
  isSignedOut.value = false;
  await keepActor(known);
}

async function keepActor(known: Actor): Promise<void> {
  await store.set(KEPT_AS, known as unknown as Json);
  await store.second.settled();
  actor.value = known;
}

/** Something of this officer is only on this phone. */
export class StillUnsent extends Error {
  constructor(readonly count: number) {
    super(`${count} unsent`);
  }
}

/** The session is closed. Throws StillUnsent while any record or file has no receipt, ApiProblem if the server cannot be reached. */
export async function signOut(): Promise<void> {
  const { unsent, files } = await countOf(store, accountId.value);
  if (unsent + files > 0) throw new StillUnsent(unsent + files);
  if (!isSignedOut.value) await session.close();
  await store.settings.delete(KEPT_AS);
  actor.value = null;
  isSignedOut.value = false;
}
