import { ElMessage } from "element-plus";
import { ref, shallowRef } from "vue";
import { ApiProblem } from "@shared/client/problem";
import { renewRooms } from "./queries";

/** Runs one deed at a time: `busy` while it runs, `refusal` if the server said no, a word and fresh data when it is done. */
export function useAct(rooms: string[]) {
  const busy = ref(false);
  const refusal = shallowRef<ApiProblem | null>(null);

  async function run<T>(deed: () => Promise<T>, done: string): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    refusal.value = null;
    try {
      const result = await deed();
      ElMessage.success(done);
      await renewRooms(...rooms);
      return result;
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      refusal.value = reason;
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { busy, refusal, run };
}
