import { w } from "@shared/terms";

/** `71,437`; what is not known is said so, and is not 0. */
export function figureText(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return w("无数据", "no data");
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `+27,206`, `−3`, `0`. */
export function signedText(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return "—";
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${figureText(Math.abs(value), digits)}`;
}

/** Percent as the server worked it out from the printed figures; shown with as many digits as it has, two at most. */
export function percentText(percent: number | null | undefined, isSigned = false): string {
  if (percent === null || percent === undefined) return "—";
  const text = Math.abs(percent).toLocaleString("en-US", { maximumFractionDigits: 2 });
  const sign = percent < 0 ? "−" : isSigned && percent > 0 ? "+" : "";
  return `${sign}${text}%`;
}

/** The half-year that ended last before `today` (YYYY-MM-DD): the period that offices report on. */
export function lastHalfYear(today: string): [string, string] {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return month > 6 ? [`${year}-01-01`, `${year}-06-30`] : [`${year - 1}-07-01`, `${year - 1}-12-31`];
}
