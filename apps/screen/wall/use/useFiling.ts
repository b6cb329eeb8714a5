import { onBeforeUnmount, ref } from "vue";
import { evidence } from "@shared/client/calls";
import type { Filed, Stream } from "@shared/client/types";
import { w } from "@shared/terms";
import { clipWords, fileLastSeconds, fileSnapshot, pictureOf, refusalWords, snapshotWords, wait, type Filing } from "./filing";

const SHOWN_MS = 20_000;

/** One picture or clip at a time is filed from a tile; what became of it stays in sight for a while. */
export function useFiling() {
  const filing = ref<Filing | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(words: string, deed: () => Promise<Filed>, said: (filed: Filed) => string): Promise<void> {
    if (filing.value?.isBusy) return;
    clearTimeout(timer);
    filing.value = { words, isBusy: true, isBad: false, address: null };
    try {
      const filed = await deed();
      filing.value = { words: said(filed), isBusy: false, isBad: false, address: evidence.fileAddress(filed.evidence_id) };
    } catch (reason) {
      filing.value = { words: refusalWords(reason), isBusy: false, isBad: true, address: null };
    }
    timer = setTimeout(() => (filing.value = null), SHOWN_MS);
  }
  /** The picture is taken at once; sending it may take a while. */
  const snapshot = (stream: Stream, video: HTMLVideoElement, shownAt: Date) => {
    const picture = pictureOf(video);
    return run(w("正在固定截图…", "Sealing the snapshot…"), async () => fileSnapshot(stream, await picture, shownAt), snapshotWords);
  };
  const clip = (stream: Stream, until: Date) =>
    run(w("正在剪辑最近 30 秒，等录像写完…", "Making a clip of the last 30 s once they are recorded…"), () => fileLastSeconds(stream, until, wait), clipWords);
  onBeforeUnmount(() => clearTimeout(timer));
  return { filing, snapshot, clip };
}
