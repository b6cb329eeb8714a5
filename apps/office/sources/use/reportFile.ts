import type { ImportReport } from "@shared/client/types";
import { w } from "@shared/terms";

/** A reason is `code：words`; people read the words. */
export function reasonWords(reason: string): string {
  return reason.replace(/^[a-z_]+\.[a-z_]+[：:]\s*/, "");
}

/** One cell of a CSV file. A leading = + - @ is disarmed, or a spreadsheet would run it as a formula. */
function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The repaired and rejected rows as CSV, with the mark by which Excel knows UTF-8. */
export function reportCsv(report: ImportReport): string {
  const head = [w("行号", "Row"), w("处理", "Outcome"), w("字段", "Field"), w("原值", "Value"), w("改为", "Became"), w("原因", "Reason")];
  const rejected = report.rejected.map((row) => [row.row, w("拒收", "rejected"), row.field, row.value, "", row.reason]);
  const repaired = report.repaired.map((row) => [row.row, w("已修正", "repaired"), row.field, row.from, row.to, ""]);
  return "\ufeff" + [head, ...rejected, ...repaired].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
