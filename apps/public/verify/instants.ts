/** Instants as they stand in a record: ISO 8601 texts in any zone, compared as microseconds since 1970 (UTC). */
import type { Json } from "./plainJson";

const TEXT =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|z|[+-][0-9]{2}:?[0-9]{2})$/;
const DAY_US = 86_400_000_000n;
const BEIJING_US = 8n * 3_600_000_000n;

/** The instant that a text names, or null if it names none. Beyond microseconds nothing is kept. */
export function micros(value: Json): bigint | null {
  const found = typeof value === "string" ? TEXT.exec(value) : null;
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as number[];
  const offset = zone(found[8]!);
  if (offset === null || hour! > 23 || minute! > 59 || second! > 59 || !isDay(year!, month!, day!)) return null;
  const fraction = BigInt((found[7] ?? "0").slice(0, 6).padEnd(6, "0"));
  return BigInt(utc(year!, month!, day!, hour!, minute!, second!)) * 1000n + fraction - BigInt(offset) * 60_000_000n;
}

function zone(name: string): number | null {
  if (name === "Z" || name === "z") return 0;
  const [hours, minutes] = [Number(name.slice(1, 3)), Number(name.slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  return (name[0] === "+" ? 1 : -1) * (hours * 60 + minutes);
}

function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime();
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(utc(year, month, day));
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The Beijing calendar day of an instant, `YYYY-MM-DD`. */
export function beijingDay(value: Json): string | null {
  const instant = micros(value);
  if (instant === null) return null;
  const there = instant + BEIJING_US;
  const days = there / DAY_US - (there % DAY_US < 0n ? 1n : 0n);
  const date = new Date(Number(days) * 86_400_000);
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return null;
  const part = (number: number, size: number): string => String(number).padStart(size, "0");
  return `${part(year, 4)}-${part(date.getUTCMonth() + 1, 2)}-${part(date.getUTCDate(), 2)}`;
}

/** Whether two values name one instant; values that name none are the same only if they are equal. */
export function same(one: Json, other: Json): boolean {
  const [first, second] = [micros(one), micros(other)];
  return first === null || second === null ? JSON.stringify(one) === JSON.stringify(other) : first === second;
}
