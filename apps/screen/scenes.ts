import { w } from "@shared/terms";

/** What fills the screen below the header. */
export type Scene = "picture" | "dispatch" | "joint" | "wall" | "close-out" | "border" | "episode" | "replay";
interface Entry { scene: Scene; key: string; title: () => string }

/** Every scene in the order of the header, with the key that opens it. */
export const SCENES: readonly Entry[] = [
  { scene: "picture", key: "o", title: () => w("态势总览", "Overview") },
  { scene: "dispatch", key: "d", title: () => w("实时调度", "Dispatch") },
  { scene: "joint", key: "j", title: () => w("联合行动", "Joint operation") },
  { scene: "wall", key: "v", title: () => w("视频墙", "Video wall") },
  { scene: "close-out", key: "c", title: () => w("销号清单", "Close-out") },
  { scene: "border", key: "b", title: () => w("边界污染源", "Border sources") },
  { scene: "episode", key: "h", title: () => w("重污染天气", "Heavy pollution") },
  { scene: "replay", key: "r", title: () => w("回放", "Replay") },
];

/** Whether a key that was pressed is for the screen, and not for a field that somebody types in or for the browser. */
export function isForScreen(event: KeyboardEvent): boolean {
  const typing = event.target instanceof HTMLInputElement && !["range", "checkbox", "radio"].includes(event.target.type);
  return !typing && !(event.target instanceof HTMLTextAreaElement) && !(event.target instanceof HTMLSelectElement) && !event.ctrlKey && !event.metaKey && !event.altKey;
}
