import { w } from "@shared/terms";

/** What fills the screen below the header. */
export type Scene = "picture" | "dispatch" | "wall" | "replay";
interface Entry { scene: Scene; key: string; title: () => string }

/** Every scene in the order of the header, with the key that opens it. */
export const SCENES: readonly Entry[] = [
  { scene: "picture", key: "o", title: () => w("态势总览", "Overview") },
  { scene: "dispatch", key: "d", title: () => w("实时调度", "Dispatch") },
  { scene: "wall", key: "v", title: () => w("视频墙", "Video wall") },
  { scene: "replay", key: "r", title: () => w("回放", "Replay") },
];

/** Whether a key that was pressed is for the screen, and not for a field that somebody types in or for the browser. */
export function isForScreen(event: KeyboardEvent): boolean {
  const typing = event.target instanceof HTMLInputElement && !["range", "checkbox", "radio"].includes(event.target.type);
  return !typing && !(event.target instanceof HTMLTextAreaElement) && !(event.target instanceof HTMLSelectElement) && !event.ctrlKey && !event.metaKey && !event.altKey;
}
