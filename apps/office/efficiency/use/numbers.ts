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

/** The half-year of `today` (YYYY-MM-DD) up to that day: offices report by half-years. */
export function thisHalfYear(today: string): [string, string] {
  return [`${today.slice(0, 4)}-${Number(today.slice(5, 7)) > 6 ? "07" : "01"}-01`, today];
}
