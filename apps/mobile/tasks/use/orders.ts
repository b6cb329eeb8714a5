/** Orders as they come: what is new for this officer, and that the desk learns what reached the phone and was opened. */
import type { Task } from "@shared/client/types";
import { w } from "@shared/terms";
import { taskOf } from "../../common/wire";
import type { TaskRow } from "../../outbox/shapes";

export interface News { task: Task; words: string }
export interface Seen { task_id: string; read_at: string | null }

const partOf = (task: Task, officer_id: string | null) => task.officers.find((officer) => officer.id === officer_id);
const WAITING: readonly string[] = ["assigned", "accepted"];

const urgingOf = (task: Task): string => task.last_urging?.words ?? task.title;

/** What the officer has to be told that the phone did not know before: a new order, a new urging. */
export function newsOf(before: readonly TaskRow[], after: readonly Task[], officer_id: string | null): News[] {
  const known = new Map(before.map((row) => [row.id, taskOf(row)]));
  return after.flatMap((task) => {
    const earlier = known.get(task.id);
    if (!partOf(task, officer_id) || !WAITING.includes(task.state)) return [];
    if (!earlier || earlier.assigned_at !== task.assigned_at) return [{ task, words: w(`新任务：${task.title}`, `New task: ${task.title}`) }];
    return task.urged_count > earlier.urged_count ? [{ task, words: w(`催办：${urgingOf(task)}`, `Urged: ${urgingOf(task)}`) }] : [];
  });
}

/** What the desk does not know yet of the orders on this phone. One that was opened before it was assigned anew was not opened. */
export function seenOf(rows: readonly TaskRow[], officer_id: string | null): Seen[] {
  return rows.flatMap((row) => {
    const task = taskOf(row);
    const part = partOf(task, officer_id);
    if (!part || task.state === "cancelled" || task.state === "reported") return [];
    const read_at = row.read && row.read.of === task.assigned_at ? row.read.at : null;
    const isNews = part.received_at === null || (part.read_at === null && read_at !== null);
    return isNews ? [{ task_id: row.id, read_at }] : [];
  });
}
