import type { Struck } from "@shared/client/types";
import { OPEN_PROBLEM_STATES } from "@shared/feed/counters";

export interface Progress { areaCode: string | null; all: number; struck: number; overdue: number }

export const isStruck = (row: Pick<Struck, "state">): boolean => !OPEN_PROBLEM_STATES.includes(row.state);

/** All together first, then each district by code; a street or town counts towards its district. */
export function progressOf(rows: readonly Pick<Struck, "state" | "area_code" | "is_overdue">[]): Progress[] {
  const districts = [...new Set(rows.map((row) => row.area_code.slice(0, 6)))].sort();
  return [null, ...districts].map((areaCode) => {
    const mine = rows.filter((row) => areaCode === null || row.area_code.startsWith(areaCode));
    return { areaCode, all: mine.length, struck: mine.filter(isStruck).length, overdue: mine.filter((row) => row.is_overdue).length };
  });
}
