import { nextTick, ref } from "vue";

/** Whether what is shown is being made ready for paper, or printed. */
export const isPrinting = ref(false);

const READY_WITHIN_MS = 8000;
type Prepare = () => Promise<void>;
const preparing = new Set<Prepare>();

/** `prepare` runs before every print, for as long as the returned function is not called; what it put up, it takes down when `isPrinting` ends. */
export function beforePrinting(prepare: Prepare): () => void {
  preparing.add(prepare);
  return () => preparing.delete(prepare);
}

/** What is shown goes to the printer: drawings that only a screen can hold are laid over with pictures of them first. */
export async function printView(): Promise<void> {
  if (isPrinting.value) return;
  isPrinting.value = true;
  await nextTick();
  const late = new Promise<void>((tell) => setTimeout(tell, READY_WITHIN_MS));
  await Promise.race([Promise.allSettled([...preparing].map((prepare) => prepare())), late]);
  const stills = holdVideos();
  await nextTick();
  window.addEventListener("afterprint", () => {
    stills.forEach((still) => still.remove());
    isPrinting.value = false;
  }, { once: true });
  window.print();
}

/** The frame that each video shows just now, over the video; a printer has no video. */
function holdVideos(): HTMLElement[] {
  return [...document.querySelectorAll("video")].filter((video) => video.videoWidth > 0).map((video) => {
    const still = document.createElement("canvas");
    [still.width, still.height] = [video.videoWidth, video.videoHeight];
    still.getContext("2d")?.drawImage(video, 0, 0);
    still.className = "still";
    still.style.cssText = "position:absolute;inset:0;width:100%;height:100%;object-fit:contain";
    video.after(still);
    return still;
  });
}
