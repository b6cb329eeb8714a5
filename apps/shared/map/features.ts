import type { Feature, FeatureCollection, Point } from "geojson";
import type { SourcePoints } from "../client/types";
import { isOverdue, OPEN_PROBLEM_STATES } from "../feed/counters";
import type { Picture } from "../feed/picture";

export type PointCollection = FeatureCollection<Point, PointProperties>;
export interface PointProperties {
  id: string;
  room: "sources" | "tasks" | "problems" | "officers" | "clues";
  label: string;
  /** Which drawing stands for it: see icons.ts. */
  icon: string;
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
