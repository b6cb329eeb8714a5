import type { ProblemItem } from "@shared/feed/picture";

export interface Bar { kind: "late" | "today" | "day" | "later" | "none"; day: string; count: number }

const DAYS = 10;
const DAY_MS = 86_400_000;

const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Late, today and each of the days to come, later than these, and without a date: every problem stands in exactly one. */
export function deadlineBars(problems: readonly ProblemItem[], today: string): Bar[] {
  const days = Array.from({ length: DAYS }, (_, index) => dayAfter(today, index));
  const last = days.at(-1)!;
  const count = (fits: (by: string) => boolean): number => problems.filter(({ rectify_by_on }) => rectify_by_on !== null && fits(rectify_by_on)).length;
  return [
    { kind: "late", day: "", count: count((by) => by < today) },
    ...days.map((day, index) => ({ kind: index === 0 ? ("today" as const) : ("day" as const), day, count: count((by) => by === day) })),
    { kind: "later", day: "", count: count((by) => by > last) },
    { kind: "none", day: "", count: problems.filter(({ rectify_by_on }) => rectify_by_on === null).length },
  ];
}
