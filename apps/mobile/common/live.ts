/** The store, and values that follow it. */
import { liveQuery } from "dexie";
import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from "vue";
import { Store } from "../outbox/db";

export const store = new Store();

/** What `query` finds in the store, found again whenever the store or `key` changes. `initial` until it is first found. */
export function useLive<K, T>(key: WatchSource<K>, query: (key: K) => Promise<T>, initial: T): ShallowRef<T> {
  const found = shallowRef(initial) as ShallowRef<T>;
  let stop = (): void => undefined;
  watch(
    key,
    (value) => {
      stop();
      const watching = liveQuery(() => query(value)).subscribe({ next: (result) => (found.value = result), error: (reason) => console.error(reason) });
      stop = () => watching.unsubscribe();
    },
    { immediate: true },
  );
  onScopeDispose(() => stop());
  return found;
}
