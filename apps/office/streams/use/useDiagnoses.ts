import { onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { streams as calls } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Diagnosis, Stream } from "@shared/client/types";
import { may } from "@shared/client/verbs";

const ASK_MS = 5000;
/** More are not asked about at once; those that are sent come first. */
export const MOST = 30;

export interface Examined { stream: Stream; diagnosis: Diagnosis | null }

/** The streams one may diagnose, with every leg of each, asked anew every few seconds; null until they are known. */
export function useDiagnoses() {
  const examined = shallowRef<Examined[] | null>(null);
  const left = ref(0);
  const error = shallowRef<ApiProblem | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  async function ask(): Promise<void> {
    try {
      const open = (await calls.list()).filter((stream) => may(stream, "diagnose"));
      const first = [...open].sort((one, other) => Number(other.state === "live") - Number(one.state === "live")).slice(0, MOST);
      const found = await Promise.all(first.map(async (stream) => ({ stream, diagnosis: await calls.diagnosis(stream.id).catch(gone) })));
      examined.value = found;
      left.value = open.length - first.length;
      error.value = null;
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      error.value = reason;
    }
    if (!isGone) timer = setTimeout(() => void ask(), ASK_MS);
  }
  onMounted(() => void ask());
  onBeforeUnmount(() => {
    isGone = true;
    clearTimeout(timer);
  });
  return { examined, left, error };
}

/** Closed or out of sight meanwhile. */
function gone(reason: unknown): null {
  if (reason instanceof ApiProblem && [403, 404].includes(reason.status)) return null;
  throw reason;
}
