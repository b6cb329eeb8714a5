import { shallowRef, watch, type ShallowRef } from "vue";

/** What was there last: a dialog that fades away goes on showing what it was about. */
export function useLast<T>(value: () => T | null): ShallowRef<T | null> {
  const last = shallowRef<T | null>(value());
  watch(value, (now) => {
    if (now !== null) last.value = now;
  });
  return last;
}
