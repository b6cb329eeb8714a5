import { onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { streams as calls } from "@shared/client/calls";
import type { Stream } from "@shared/client/types";

const ASK_MS = 3000;

/** The streams this viewer may watch, asked anew every few seconds; null until they are known for the first time. */
export function useStreams() {
  const streams = shallowRef<Stream[] | null>(null);
  const isReached = ref(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  async function ask(): Promise<void> {
    try {
      streams.value = await calls.list();
      isReached.value = true;
    } catch {
      isReached.value = false;
    }
    if (!isGone) timer = setTimeout(() => void ask(), ASK_MS);
  }
  onMounted(() => void ask());
  onBeforeUnmount(() => {
    isGone = true;
    clearTimeout(timer);
  });
  return { streams, isReached };
}
