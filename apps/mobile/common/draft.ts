/** A form whose every change is in the store at once. */
import { ref, watch, type Ref } from "vue";
import { dropDraft, readDraft, writeDraft, type DraftPlace } from "../outbox/drafts";
import { store } from "./live";

export interface Draft<T> { value: Ref<T>; isRead: Ref<boolean>; drop: () => Promise<void> }

/** What was written here before, or `blank`; from then on every change is kept. `drop` once it has become a deed. */
export function useDraft<T extends object>(place: DraftPlace, blank: () => T): Draft<T> {
  const value = ref(blank()) as Ref<T>;
  const isRead = ref(false);
  let isDropped = false;
  void readDraft<T>(store, place).then((kept) => {
    if (kept !== null) value.value = { ...blank(), ...kept };
    isRead.value = true;
    watch(value, (changed) => void (isDropped || writeDraft(store, place, changed)), { deep: true, flush: "sync" });
  });
  const drop = async (): Promise<void> => {
    isDropped = true;
    await dropDraft(store, place);
    value.value = blank();
    isDropped = false;
  };
  return { value, isRead, drop };
}
