/** Whether a record came back, as the server last said. */
import type { Inspection } from "@shared/client/types";

type Return = Inspection["returns"][number];

/** The return that is to be answered; the newest, because each one is about the record as it then stood. */
export function lastReturn(record: Inspection | null): Return | null {
  const all = [...(record?.returns ?? [])].sort((one, other) => Date.parse(one.returned_at) - Date.parse(other.returned_at));
  return all.at(-1) ?? null;
}

export const isReturned = (record: Inspection | null): boolean => record?.state === "returned" && lastReturn(record) !== null;
