import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { picture } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Replayed } from "@shared/client/types";

const FRAME_MS = 100;
export const SPEEDS = [1, 10, 60, 300] as const;

/** A time that is over, read once and played as often as one likes. `at` is the instant that is shown. */
export function useReplay() {
  const since = ref(0);
  const until = ref(0);
  const at = ref(0);
  const speed = ref<number>(60);
  const isPlaying = ref(false);
  const isReading = ref(false);
  const replayed = shallowRef<Replayed | null>(null);
  const refusal = ref<ApiProblem | null>(null);
  const words = computed(() => refusal.value?.title ?? null);

  async function read(from: number, to: number): Promise<void> {
    [isReading.value, isPlaying.value, refusal.value] = [true, false, null];
    try {
      replayed.value = await picture.replay(new Date(from).toISOString(), new Date(to).toISOString());
      [since.value, until.value, at.value] = [from, to, from];
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      refusal.value = reason;
    } finally {
      isReading.value = false;
    }
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  watch(isPlaying, (plays) => {
    clearInterval(timer);
    if (!plays) return;
    if (at.value >= until.value) at.value = since.value;
    timer = setInterval(() => {
      at.value = Math.min(until.value, at.value + FRAME_MS * speed.value);
      if (at.value >= until.value) isPlaying.value = false;
    }, FRAME_MS);
  });
  onScopeDispose(() => clearInterval(timer));
  return { since, until, at, speed, isPlaying, isReading, replayed, words, read };
}
