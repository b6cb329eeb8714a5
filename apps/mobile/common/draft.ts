/** A form whose every change is in the store at once. */
import { ref, watch, type Ref } from "vue";
import { dropDraft, readDraft, writeDraft, type DraftPlace } from "../outbox/drafts";
import { store } from "./live";

export interface Draft<T> { value: Ref<T>; isRead: Ref<boolean>; drop: () => Promise<void> }

/** The fields of `now` that are not as they were. */
function changesOf<T extends object>(now: T, before: T): Partial<T> {
  const isChanged = ([name, said]: [string, unknown]): boolean => JSON.stringify(said) !== JSON.stringify(before[name as keyof T]);
  return Object.fromEntries(Object.entries(now).filter(isChanged)) as Partial<T>;
}

/** What was written here before, or `blank`; from then on every change is kept. `drop` once it has become a deed. */
export function useDraft<T extends object>(place: DraftPlace, blank: () => T): Draft<T> {
  const value = ref(blank()) as Ref<T>;
  const isRead = ref(false);
  let isDropped = false;
  const write = (): void => void (isDropped || writeDraft(store, place, value.value));
  void readDraft<T>(store, place).then((kept) => {
    const typed = changesOf(value.value, blank()); // somebody may be faster than the store
    if (kept !== null) value.value = { ...blank(), ...kept, ...typed };
    isRead.value = true;
    if (Object.keys(typed).length > 0) write();
    watch(value, write, { deep: true, flush: "sync" });
  });
  const drop = async (): Promise<void> => {
    isDropped = true;
    await dropDraft(store, place);
    value.value = blank();
    isDropped = false;
  };
  return { value, isRead, drop };
}
