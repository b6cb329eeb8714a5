import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { ApiProblem } from "@shared/client/problem";
import { w } from "@shared/terms";

const NEWS_WITHIN_MS = 2000;
const AGAIN_MS = 5000;

export interface Reading<T> { found: ShallowRef<T | null>; words: Ref<string | null>; again: () => void }

/**
 * What the server answers, asked again soon after every change of `news` (many at once are asked for once) and at once
 * when `question` changes. What was read stays while the server is away; `words` then say so, and it is tried again.
 */
export function useReading<T>(read: () => Promise<T>, news: () => unknown, question: () => unknown = () => null): Reading<T> {
  const found = shallowRef<T | null>(null);
  const words = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const asked = ++newest;
    try {
      const answer = await read();
      if (asked !== newest) return;
      found.value = answer;
      words.value = null;
    } catch (reason) {
      if (asked !== newest) return;
      words.value = reason instanceof ApiProblem ? reason.title : w("没有读到数据", "Nothing could be read");
      soon(AGAIN_MS);
    }
  }
  function soon(afterMs: number): void {
    timer ??= setTimeout(() => void ask(), afterMs);
  }
  watch(question, () => void ask(), { immediate: true });
  watch(news, () => soon(NEWS_WITHIN_MS));
  onBeforeUnmount(() => {
    clearTimeout(timer);
    newest = Infinity;
  });
  return { found, words, again: () => void ask() };
}
