import { computed, onBeforeUnmount, ref } from "vue";
import { clues, streams } from "@shared/client/calls";
import type { Clue, SightingIn, Stream } from "@shared/client/types";
import { useSession } from "@shared/client/useSession";
import { w } from "@shared/terms";
import { fileLastSeconds, fileSnapshot, pictureOf, refusalWords, wait } from "./filing";

interface Taken { stream: Stream; picture: Blob; url: string; shownAt: Date }
export interface Said { words: string; isBad: boolean }

/** Something seen on a live picture: the picture is taken first, then it is said what it shows, then the film that led to it is added. */
export function useSighting() {
  const { actor } = useSession();
  const mayReceive = computed(() => actor.value?.verbs.includes("clues:receive") ?? false);
  const taken = ref<Taken | null>(null);
  const isBusy = ref(false);
  const said = ref<Said | null>(null);

  async function take(stream: Stream, video: HTMLVideoElement, shownAt: Date): Promise<void> {
    cancel();
    try {
      const picture = await pictureOf(video);
      taken.value = { stream, picture, url: URL.createObjectURL(picture), shownAt };
      said.value = null;
    } catch (reason) {
      say(refusalWords(reason), true);
    }
  }
  function cancel(): void {
    if (taken.value) URL.revokeObjectURL(taken.value.url);
    taken.value = null;
  }
  async function send(seen: Pick<SightingIn, "description" | "element">): Promise<void> {
    const now = taken.value;
    if (!now || isBusy.value) return;
    isBusy.value = true;
    try {
      const snapshot = await fileSnapshot(now.stream, now.picture, now.shownAt);
      const clue = await streams.receiveSighting(now.stream.id, { ...seen, shown_at: now.shownAt.toISOString(), snapshot_id: snapshot.evidence_id });
      cancel();
      say(w(`线索 ${clue.number} 已登记，正在附视频…`, `Clue ${clue.number} is received; its film is being added…`), false);
      if (now.stream.is_recorded) await addFilm(clue, now);
      else say(w(`线索 ${clue.number} 已登记`, `Clue ${clue.number} is received`), false);
    } catch (reason) {
      say(refusalWords(reason), true);
    } finally {
      isBusy.value = false;
    }
  }
  async function addFilm(clue: Clue, { stream, shownAt }: Taken): Promise<void> {
    try {
      const clip = await fileLastSeconds(stream, shownAt, wait);
      await clues.attachClip(clue.id, clip.evidence_id);
      say(w(`线索 ${clue.number} 已登记，附截图和视频`, `Clue ${clue.number} is received with picture and film`), false);
    } catch (reason) {
      say(w(`线索 ${clue.number} 已登记，附截图；视频未附：${refusalWords(reason)}`, `Clue ${clue.number} is received with its picture; no film: ${refusalWords(reason)}`), true);
    }
  }
  const say = (words: string, isBad: boolean): void => {
    said.value = { words, isBad };
  };
  onBeforeUnmount(cancel);
  return { mayReceive, taken, isBusy, said, take, cancel, send };
}
