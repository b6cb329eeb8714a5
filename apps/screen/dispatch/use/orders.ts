/** 调度单: the work that somebody has to be sent to, and how far each order has come. */
import type { Picture, TaskItem } from "@shared/feed/picture";
import { w } from "@shared/terms";

export type Stage = "late" | "unassigned" | "waiting" | "under_way" | "on_site";
export const STAGES: readonly Stage[] = ["late", "unassigned", "waiting", "under_way", "on_site"];
export interface Order { task: TaskItem; stage: Stage }

const isUnderOrder = (task: TaskItem): boolean => task.state === "assigned" || task.state === "accepted";

/** Where the order stands; null once there is nothing to dispatch any more. */
export function stageOf(task: TaskItem, now: number): Stage | null {
  if (task.state === "drafted") return "unassigned";
  if (task.state === "on_site") return "on_site";
  if (!isUnderOrder(task)) return null;
  if (task.answers.every((answer) => answer.accepted_at !== null)) return "under_way";
  return task.answer_by_at !== null && Date.parse(task.answer_by_at) < now ? "late" : "waiting";
}

/** Every order that is not over: what needs a hand first, and of that the longest waiting first. */
export function ordersOf(picture: Picture, now: number): Order[] {
  const found = Object.values(picture.tasks).flatMap((task) => {
    const stage = stageOf(task, now);
    return stage ? [{ task, stage }] : [];
  });
  const since = ({ task }: Order): string => task.answer_by_at ?? task.assigned_at ?? task.number;
  return found.sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || since(a).localeCompare(since(b)));
}

export function stageWords(stage: Stage): string {
  switch (stage) {
    case "late": return w("超时未签收", "Unanswered");
    case "unassigned": return w("待派发", "To assign");
    case "waiting": return w("待签收", "To be signed for");
    case "under_way": return w("赶赴现场", "On the way");
    case "on_site": return w("现场处置", "On site");
  }
}

/** `签收剩 12:05`, `超时 03:10`: how long until an order must be signed for, or since when it should have been. */
export function clockWords(task: TaskItem, stage: Stage, now: number): string {
  if (task.answer_by_at === null || (stage !== "waiting" && stage !== "late")) return "";
  const seconds = Math.round((Date.parse(task.answer_by_at) - now) / 1000);
  const clock = spanText(Math.abs(seconds));
  return seconds >= 0 ? w(`签收剩 ${clock}`, `${clock} left`) : w(`超时 ${clock}`, `${clock} late`);
}

function spanText(seconds: number): string {
  if (seconds >= 3600) return w(`${Math.floor(seconds / 3600)} 小时 ${Math.floor((seconds % 3600) / 60)} 分`, `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}
