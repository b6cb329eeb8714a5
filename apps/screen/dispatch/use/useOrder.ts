import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { clues, tasks } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Nearest, Task } from "@shared/client/types";

const ASK_MS = 20_000;

/** The chosen order as the server has it, who could be sent to it, and what may be done. `stamp` changes with every fact about it. */
export function useOrder(id: Ref<string | null>, stamp: Ref<unknown>) {
  const task = shallowRef<Task | null>(null);
  const nearest = shallowRef<Nearest | null>(null);
  const refusal = ref<ApiProblem | null>(null);
  const isBusy = ref(false);
  const isAssignable = computed(() => task.value?.verbs.includes("assign") ?? false);
  const words = computed(() => refusal.value?.title ?? null);
  let asked = 0;

  async function read(): Promise<void> {
    const [wanted, turn] = [id.value, ++asked];
    if (!wanted) return;
    await told(async () => {
      const found = await tasks.read(wanted);
      const near = found.verbs.includes("assign") ? await tasks.nearest(wanted) : null;
      if (turn === asked) [task.value, nearest.value] = [found, near];
    });
  }

  async function told(deed: () => Promise<unknown>): Promise<boolean> {
    try {
      await deed();
      refusal.value = null;
      return true;
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      refusal.value = reason;
      return false;
    }
  }

  async function act(deed: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true;
    const isDone = await told(deed);
    isBusy.value = false;
    if (isDone) await read();
    return isDone;
  }

  watch(id, () => ([task.value, nearest.value, refusal.value] = [null, null, null]));
  watch([id, stamp], read, { immediate: true });
  const timer = setInterval(() => void read(), ASK_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    asked = -1;
  });

  return {
    task, nearest, words, isBusy, isAssignable,
    assign: (officer_ids: string[]) => act(() => tasks.assign(id.value!, officer_ids, officer_ids[0]!)),
    urge: (said: string) => act(() => tasks.urge(id.value!, said)),
    /** The task that a clue becomes, or null if it was not accepted. */
    async takeUp(clue_id: string): Promise<string | null> {
      let made: string | null = null;
      await act(async () => (made = (await clues.accept(clue_id, { mode: "local" })).task_id));
      return made;
    },
  };
}
