/** The rows of the border list: what each says, and how they fall to the borders of the board. */
import type { BorderList, BorderSource } from "@shared/client/types";
import type { PointCollection } from "@shared/map/features";
import { w } from "@shared/terms";
import { daysBetween } from "@shared/ui/time";

type Line = BorderList["borders"][number];
export interface Pair { key: string; one: string; other: string; km: number; band_m: number; memorandum: Line["memorandum"]; rows: BorderSource[]; unvisited: number; open: number }

const keyOf = (one: string, other: string): string => [one, other].sort().join("-");

/** Every border of the board with its sources, in the order the server has them. */
export function pairsOf(found: BorderList): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { one, other, length_m, band_m, memorandum } of found.borders) {
    const key = keyOf(one, other);
    const pair = pairs.get(key) ?? { key, one, other, km: 0, band_m, memorandum, rows: [], unvisited: 0, open: 0 };
    pairs.set(key, { ...pair, km: pair.km + length_m / 1000 });
  }
  for (const row of found.items) {
    const pair = [...pairs.values()].find(({ one, other }) => (row.area_code.startsWith(one) && row.neighbour_code === other) || (row.area_code.startsWith(other) && row.neighbour_code === one));
    if (!pair) continue;
    pair.rows.push(row);
    pair.unvisited += row.last_visit_on ? 0 : 1;
    pair.open += row.open_problems ? 1 : 0;
  }
  return [...pairs.values()];
}

/** What the rule does not let an ally see has a name of its own: it is not missing. */
export const nameOf = (row: BorderSource): string => row.name ?? w("名称不公开", "name not shared");

export function visitWords(row: BorderSource, today: string): string {
  if (!row.last_visit_on) return w("尚无检查记录", "no visit on record");
  const ago = daysBetween(row.last_visit_on, today);
  return `${ago === 0 ? w("今日", "today") : w(`${ago} 天前`, `${ago} d ago`)} · ${row.last_visit_by.join("、") || w("单位不详", "agency unknown")}`;
}

export function openWords(row: BorderSource): string {
  if (row.open_problems === null) return w("问题数未共享", "problems not shared");
  const open = row.open_problems ? w(`未销号 ${row.open_problems}`, `${row.open_problems} open`) : w("无未销号", "none open");
  return row.overdue_problems ? `${open} · ${w(`超期 ${row.overdue_problems}`, `${row.overdue_problems} overdue`)}` : open;
}

/** What can be put on the map: a place that is not shared is not guessed. */
export function pointsOf(rows: BorderSource[]): { sources: PointCollection; problems: PointCollection } {
  const collect = (of: BorderSource[], icon: (row: BorderSource) => string): PointCollection => ({
    type: "FeatureCollection",
    features: of.flatMap((row) => (row.lon === null || row.lat === null ? [] : [{
      type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [row.lon, row.lat] }, properties: { id: row.id, room: "sources", label: nameOf(row), icon: icon(row) },
    }])),
  });
  return {
    sources: collect(rows.filter((row) => !row.open_problems), (row) => (row.supervision_class === "key" ? "source-key" : "source")),
    problems: collect(rows.filter((row) => row.open_problems), (row) => (row.overdue_problems ? "problem-overdue" : "problem")),
  };
}
