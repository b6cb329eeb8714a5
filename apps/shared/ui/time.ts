import { onScopeDispose, ref, type Ref } from "vue";
import { language, w } from "../terms";

const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
const minute = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});
const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });

const DAY_MS = 86_400_000;

/** The Beijing calendar day (YYYY-MM-DD) of an instant. */
export const beijingDay = (at: string | number | Date): string => day.format(new Date(at));

/** `2026-03-01 09:30`, Beijing time; a missing instant is an em dash. */
export const dateTime = (at: string | null | undefined): string => (at ? minute.format(new Date(at)) : "—");

/** `09:30:05`, Beijing time. */
export const clockTime = (at: string | number | null | undefined): string => (at === null || at === undefined ? "—" : clock.format(new Date(at)));

/** Whole days from `from` to `to`, both YYYY-MM-DD; negative when `to` is past. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

export const addDays = (from: string, days: number): string => new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);

/** `3 分钟前`; an instant slightly ahead of this clock counts as now. */
export function ageText(at: string | number | null | undefined, now: number): string {
  if (at === null || at === undefined) return w("无数据", "no data");
  const seconds = Math.max(0, Math.floor((now - new Date(at).getTime()) / 1000));
  if (seconds < 60) return w("刚刚", "just now");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return w(`${minutes} 分钟前`, `${minutes} min ago`);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return w(`${hours} 小时前`, `${hours} h ago`);
  const days = Math.floor(hours / 24);
  return w(`${days} 天前`, `${days} d ago`);
}

/** How a deadline day stands to today: `剩 2 天`, `今日到期`, `超期 3 天`. */
export function deadlineText(on: string | null, today: string): string {
  if (on === null) return w("未定期限", "no deadline");
  const left = daysBetween(today, on);
  if (left < 0) return w(`超期 ${-left} 天`, `${-left} d overdue`);
  if (left === 0) return w("今日到期", "due today");
  return w(`剩 ${left} 天`, `${left} d left`);
}

/** The present instant, renewed every `everyMs`, for as long as the calling scope lives. */
export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}

export const weekday = (at: number): string =>
  new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", { timeZone: "Asia/Shanghai", weekday: "long" }).format(at);
