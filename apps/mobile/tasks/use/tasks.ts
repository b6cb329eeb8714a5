/** The tasks that this phone knows, and what has been done about them here. */
import { inspections, tasks as calls } from "@shared/client/calls";
import type { Task } from "@shared/client/types";
import { isLive, isStuck, type DeedRow, type Json, type JsonRecord, type TaskRow } from "../../outbox/shapes";
import { store } from "../../common/live";
import { actor } from "../../common/account";
import { recordOf, taskOf } from "../../common/wire";
import { isReturned } from "../../paper/use/returned";
import { newsOf, seenOf, type News } from "./orders";

const MOST = 200;

/**
 * The officer's tasks as the server has them now are in the store, and the desk knows that they are. What is no more on the
 * list goes, unless something hangs on it. The answer is what has come anew.
 */
export async function fetchTasks(account_id: string): Promise<News[]> {
  const { items } = await calls.list({ mine: true, limit: MOST });
  const heard_at = new Date().toISOString();
  const news = await store.transaction("rw", store.tasks, store.deeds, async () => {
    const known = await store.tasks.where("account_id").equals(account_id).toArray();
    const rows = new Map(known.map((row) => [row.id, row]));
    await store.tasks.bulkPut(items.map((task) => renewed(rows.get(task.id), account_id, task, heard_at)));
    const listed = new Set(items.map((task) => task.id));
    for (const row of known.filter((row) => !listed.has(row.id))) {
      if ((await store.deeds.where("task_id").equals(row.id).count()) === 0) await store.tasks.delete(row.id);
      else if (isReturned(recordOf(row))) await store.tasks.update(row.id, { record: { ...(row.record as JsonRecord), state: "submitted" } });
    }
    return newsOf(known, items, officerId());
  });
  await tellSeen(account_id);
  // A task that was reported is only listed again because its record came back.
  for (const task of items.filter((task) => task.state === "reported" && task.inspection_id)) await fetchRecord(task.id, task.inspection_id!);
  return news;
}

const officerId = (): string | null => actor.value?.officer_id ?? null;

/** The desk knows which orders are on this phone, and which were opened. */
async function tellSeen(account_id: string): Promise<void> {
  const seen = seenOf(await store.tasks.where("account_id").equals(account_id).toArray(), officerId());
  if (seen.length > 0) await calls.seen(seen);
}

/** The order has been opened; the desk learns it at once, or with the next list when there is no signal. */
export async function markRead(account_id: string, task_id: string): Promise<void> {
  const row = await store.tasks.get(task_id);
  if (!row) return;
  const of = taskOf(row).assigned_at;
  if (row.read?.of === of) return;
  await store.tasks.update(task_id, { read: { of, at: new Date().toISOString() } });
  await tellSeen(account_id);
}

function renewed(known: TaskRow | undefined, account_id: string, task: Task, heard_at: string): TaskRow {
  const kept = { pack: known?.pack ?? null, pack_saved_at: known?.pack_saved_at ?? null, record: known?.record ?? null, read: known?.read ?? null };
  return { id: task.id, account_id, task: task as unknown as Json, heard_at, ...kept };
}

/** Everything that the task needs is on the phone (出发前准备). */
export async function savePack(account_id: string, task_id: string): Promise<void> {
  const pack = await calls.pack(task_id);
  const now = new Date().toISOString();
  const task = pack.task as unknown as Json;
  await store.transaction("rw", store.tasks, async () => {
    const { record = null, read = null } = (await store.tasks.get(task_id)) ?? {};
    await store.tasks.put({ id: task_id, account_id, task, heard_at: now, pack: pack as unknown as Json, pack_saved_at: now, record, read });
  });
}

/** What the whole team has recorded in the visit, as far as it has reached the server, is on the phone. */
export async function fetchRecord(task_id: string, inspection_id: string): Promise<void> {
  const record = await inspections.read(inspection_id);
  await store.tasks.update(task_id, { record: record as unknown as Json });
}

export interface TaskNow { state: string; isOnlyHere: boolean; isStuck: boolean }

const ORDER = ["drafted", "assigned", "accepted", "on_site", "reported"];
const REACHED: Partial<Record<DeedRow["kind"], string>> = {
  accept_task: "accepted",
  arrive_on_site: "on_site",
  submit_inspection: "reported",
};

/** How the task stands with what was done on this phone counted in, and whether the server knows that yet. */
export function taskNow(task: Pick<Task, "state">, deeds: DeedRow[]): TaskNow {
  const live = deeds.filter(isLive);
  const now: TaskNow = { state: task.state, isOnlyHere: false, isStuck: live.some(isStuck) };
  if (task.state === "cancelled") return now;
  for (const row of live.filter((row) => row.state !== "refused")) {
    const reached = REACHED[row.kind];
    if (reached === undefined || ORDER.indexOf(reached) <= ORDER.indexOf(now.state)) continue;
    now.state = reached;
    now.isOnlyHere = row.state !== "accepted";
  }
  return now;
}
