/** What the store holds of a task, as what it is. */
import type { FieldPack, Inspection, Task } from "@shared/client/types";
import type { TaskRow } from "../outbox/shapes";

export const taskOf = (row: TaskRow): Task => row.task as unknown as Task;
export const packOf = (row: TaskRow): FieldPack | null => row.pack as unknown as FieldPack | null;
export const recordOf = (row: TaskRow): Inspection | null => (row.record ?? null) as unknown as Inspection | null;
