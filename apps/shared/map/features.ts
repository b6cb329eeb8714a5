import type { Feature, FeatureCollection, Point } from "geojson";
import type { SourcePoints } from "../client/types";
import type { Carriers } from "../feed/carriers";
import { isOverdue, OPEN_PROBLEM_STATES } from "../feed/counters";
import type { Picture } from "../feed/picture";
import { t } from "../terms";

export type PointCollection = FeatureCollection<Point, PointProperties>;
export interface PointProperties {
  id: string;
  room: "sources" | "tasks" | "problems" | "officers" | "clues" | "carriers";
  label: string;
  /** Which drawing stands for it: see icons.ts. */
  icon: string;
  /** Where it heads, degrees clockwise from north; only of what moves by itself. */
  course?: number;
}

/** A fix older than this is shown hollow, with its age: nobody knows whether the officer is still there. */
export const STALE_POSITION_MS = 10 * 60_000;

const TASKS_SHOWN: readonly string[] = ["drafted", "assigned", "accepted", "on_site"];
const CLUES_SHOWN: readonly string[] = ["received"];

export const emptyCollection = (): PointCollection => ({ type: "FeatureCollection", features: [] });

function collect<T extends { id: string; lon: number | null; lat: number | null }>(
  items: T[],
  describe: (item: T) => Omit<PointProperties, "id">,
): PointCollection {
  const features: Feature<Point, PointProperties>[] = [];
  for (const item of items) {
    if (item.lon === null || item.lat === null) continue;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [item.lon, item.lat] },
      properties: { id: item.id, ...describe(item) },
    });
  }
  return { type: "FeatureCollection", features };
}

/** What of the picture stands on the map: work that is not over, problems not closed, clues nobody has taken, officers on duty. */
export function pictureFeatures(picture: Picture, today: string, now: number) {
  const { tasks, problems, officers, clues } = picture;
  return {
    tasks: collect(Object.values(tasks).filter((task) => TASKS_SHOWN.includes(task.state)), (task) => ({
      room: "tasks", label: task.title, icon: task.state === "on_site" ? "task-on-site" : "task",
    })),
    problems: collect(Object.values(problems).filter((problem) => OPEN_PROBLEM_STATES.includes(problem.state)), (problem) => ({
      room: "problems", label: problem.source_name ?? problem.number, icon: isOverdue(problem, today) ? "problem-overdue" : "problem",
    })),
    officers: collect(Object.values(officers).filter((officer) => officer.is_on_duty), (officer) => ({
      room: "officers", label: officer.name, icon: isStale(officer.position_at, now) ? "officer-stale" : "officer",
    })),
    clues: collect(Object.values(clues).filter((clue) => CLUES_SHOWN.includes(clue.state)), (clue) => ({
      room: "clues", label: clue.number, icon: "clue",
    })),
  };
}

/** Vehicles, boats and aircraft with their names; an aircraft with its height. What points ahead is turned where it heads. */
export function carrierFeatures(places: Carriers, names: ReadonlyMap<string, string>, now: number): PointCollection {
  return collect(Object.values(places), ({ id, kind, at, altitude_m, course_deg }) => ({
    room: "carriers",
    label: [names.get(id) ?? t(`tracker.kind.${kind}`), kind === "aircraft" && altitude_m !== null ? `${Math.round(altitude_m)} m` : ""].join(" ").trim(),
    icon: now - at > STALE_POSITION_MS ? `${kind}-stale` : kind,
    course: kind === "vehicle" ? 0 : (course_deg ?? 0),
  }));
}

/** How many of each drawing stand on the map. A vehicle not heard of for long is still a vehicle. */
export function countByIcon(points: Partial<Record<string, PointCollection>>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { properties } of Object.values(points).flatMap((collection) => collection?.features ?? [])) {
    const name = properties.room === "carriers" ? properties.icon.replace("-stale", "") : properties.icon;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

export const isStale = (at: string | null, now: number): boolean => at === null || now - Date.parse(at) > STALE_POSITION_MS;

/** The table of source points as features; the columns are found by name, so their order is the server's affair. */
export function sourceFeatures(points: SourcePoints): PointCollection {
  const column = (name: string): number => points.fields.indexOf(name);
  const [id, name, lon, lat, supervision] = ["id", "name", "lon", "lat", "supervision_class"].map(column) as [number, number, number, number, number];
  const items = points.rows.map((row) => ({
    id: String(row[id]),
    name: String(row[name]),
    lon: row[lon] as number | null,
    lat: row[lat] as number | null,
    isKey: row[supervision] === "key",
  }));
  return collect(items, (source) => ({ room: "sources", label: source.name, icon: source.isKey ? "source-key" : "source" }));
}
