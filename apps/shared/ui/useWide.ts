import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef } from "vue";
import { isPrinting } from "./printing";

/** At least two and a half times as wide as it is high: a wall of two screens side by side. CSS asks the same. */
const WIDE = "(min-aspect-ratio: 5/2)";

/** Whether the window is that of a wide wall, now and after every change of its size; paper never is. */
export function useWide(): ComputedRef<boolean> {
  const query = globalThis.matchMedia?.(WIDE);
  const isWide = ref(query?.matches ?? false);
  const tell = (): void => { isWide.value = query?.matches ?? false; };
  onMounted(() => query?.addEventListener("change", tell));
  onBeforeUnmount(() => query?.removeEventListener("change", tell));
  return computed(() => isWide.value && !isPrinting.value);
}
