/** The second copy of this phone's store: opened before anything is read, and said aloud if it was needed. */
import { showNotify } from "vant";
import { ref } from "vue";
import { w } from "@shared/terms";
import { Copy, followWith, secondPlace, type Restored } from "../outbox/second";
import { store } from "./live";

/** This phone keeps a second copy; null until it is known. */
export const hasCopy = ref<boolean | null>(null);
/** The app opens without its copy rather than not at all. */
const LONGEST_MS = 10_000;

/** What the store had lost is in it again, and from now on it has a copy, where the browser has a place for one. */
export async function makeGood(): Promise<void> {
  const restored = await Promise.race([open(), new Promise<null>((resolve) => setTimeout(() => resolve(null), LONGEST_MS))]);
  if (restored) tell(restored);
}

async function open(): Promise<Restored | null> {
  try {
    const place = await secondPlace();
    const restored = place && (await followWith(store, new Copy(place)));
    hasCopy.value = place !== null;
    return restored;
  } catch (reason) {
    hasCopy.value = false;
    console.warn("second copy", reason);
    return null;
  }
}

function tell({ deeds, files }: Restored): void {
  const message = w(
    `浏览器存储曾损坏，已从本机副本找回 ${deeds} 条记录、${files} 个原件`,
    `The browser’s store was damaged; ${deeds} records and ${files} files came back from the copy on this phone`,
  );
  showNotify({ type: "warning", message, duration: 10_000 });
}
