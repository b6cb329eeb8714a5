/** One task as this phone knows it: the row, what was done about it here, and how it stands. */
import { computed, type ComputedRef } from "vue";
import type { FieldPack, Task } from "@shared/client/types";
import { store, useLive } from "../../common/live";
import { packOf, taskOf } from "../../common/wire";
import type { DeedRow, TaskRow } from "../../outbox/shapes";
import { taskNow, type TaskNow } from "./tasks";

export interface TaskHere {
  row: ComputedRef<TaskRow | null | undefined>;
  deeds: ComputedRef<DeedRow[]>;
  task: ComputedRef<Task | null>;
  pack: ComputedRef<FieldPack | null>;
  now: ComputedRef<TaskNow | null>;
}

interface Found { row: TaskRow | null; deeds: DeedRow[] }

/** `row` is undefined until the store was asked, null if the phone does not know the task. */
export function useTask(id: () => string): TaskHere {
  const found = useLive(id, find, null as Found | null);
  const row = computed(() => found.value?.row);
  const deeds = computed(() => found.value?.deeds ?? []);
  const task = computed(() => (row.value ? taskOf(row.value) : null));
  return {
    row,
    deeds,
    task,
    pack: computed(() => (row.value ? packOf(row.value) : null)),
    now: computed(() => (task.value ? taskNow(task.value, deeds.value) : null)),
  };
}

const find = async (id: string): Promise<Found> => ({
  row: (await store.tasks.get(id)) ?? null,
  deeds: await store.deeds.where("task_id").equals(id).sortBy("seq"),
});
