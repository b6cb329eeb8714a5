import { t, w } from "@shared/terms";
import { kindText } from "../../inspections/use/kinds";

/** How one column of the rows behind a figure is headed and shown. */
interface Column { label: () => string; text?: (value: string) => string }

const COLUMNS: Record<string, Column> = {
  number: { label: () => w("编号", "Number") },
  inspected_on: { label: () => w("检查日期", "Day") },
  found_on: { label: () => w("发现日期", "Found") },
  rectified_on: { label: () => w("整改完成", "Rectified") },
  inspect_on: { label: () => w("检查日期", "To inspect on") },
  source_name: { label: () => w("污染源", "Source") },
  officer_name: { label: () => w("执法人员", "Officer") },
  officer_count: { label: () => w("出动人数", "Officers") },
  people_count: { label: () => w("人数", "People") },
  working_days: { label: () => w("在册工作日", "Working days") },
  turnouts: { label: () => w("出动人次", "Turnouts") },
  area_code: { label: () => w("区域", "Area") },
  kind: { label: () => w("类型", "Kind"), text: kindText },
  mode: { label: () => w("执法方式", "Mode"), text: (value) => t(`task.mode.${value}`) },
  element: { label: () => w("要素", "Element"), text: (value) => t(`element.${value}`) },
  severity: { label: () => w("程度", "Severity"), text: (value) => t(`severity.${value}`) },
  state: { label: () => w("状态", "State"), text: (value) => t(`problem.state.${value}`) },
  is_covered: { label: () => w("是否覆盖", "Covered") },
  batch: { label: () => w("批次", "Batch") },
  level: { label: () => w("层级", "Level"), text: levelText },
};

/** Whose draw it was: the city's or a county's. */
export function levelText(level: string): string {
  if (level === "city") return w("市级", "city");
  return level === "county" ? w("县级", "county") : level;
}

const WIDE: readonly string[] = ["number", "source_name", "batch"];
/** Pixels a column needs at least. */
export const columnWidth = (name: string): number => (WIDE.includes(name) ? 170 : 90);

/** Identifiers mean nothing to a reader: they become links instead of columns. */
export const columnsOf = (row: Record<string, unknown> | undefined): string[] =>
  Object.keys(row ?? {}).filter((name) => name !== "id" && !name.endsWith("_id"));

export const columnLabel = (name: string): string => COLUMNS[name]?.label() ?? t(name);

export function cellText(name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "boolean") return value ? w("✓ 是", "✓ yes") : w("✕ 否", "✕ no");
  const text = String(value);
  const shown = COLUMNS[name]?.text?.(text) ?? text;
  // a kind that the dictionary does not have (a campaign's own classes, say) is shown as it is
  return shown.endsWith(`.${text}`) ? text : shown;
}

/** The page of the record a row stands for. */
export function pageOf(row: Record<string, unknown>): string | null {
  const pages: [string, string][] = [["problem_id", "problems"], ["source_id", "sources"], ["id", "inspections"]];
  const found = pages.find(([name]) => typeof row[name] === "string");
  return found ? `/${found[1]}/${String(row[found[0]])}` : null;
}
