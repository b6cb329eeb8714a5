import { readonly, ref } from "vue";
import { session } from "./calls";
import { onSignedOut } from "./http";
import { ApiProblem } from "./problem";
import type { Actor } from "./types";

const actor = ref<Actor | null>(null);
onSignedOut(() => (actor.value = null));

/** Who is signed in (kept by the server's cookie; nothing secret is kept in the page). */
export function useSession() {
  return { actor: readonly(actor), restore, signIn, signOut };
}

/** The actor of a session begun earlier, or null when there is none. Throws when the server cannot be asked. */
async function restore(): Promise<Actor | null> {
  try {
    actor.value = await session.read();
  } catch (reason) {
    if (!(reason instanceof ApiProblem && reason.isSignedOut)) throw reason;
    actor.value = null;
  }
  return actor.value;
}

async function signIn(login: string, password: string): Promise<Actor> {
  actor.value = (await session.open(login, password)).actor;
  return actor.value;
}

async function signOut(): Promise<void> {
  await session.close();
  actor.value = null;
}
