import type { Geometry } from "geojson";
import type { Mission, SourcePoints } from "@shared/client/types";
import { w } from "@shared/terms";
import type { Corner } from "./corners";
import { sourcesIn } from "./points";
import type { MissionKind, Wish } from "./useWish";

/** The wish is what this mission was asked as, ready to be changed: a plan itself never is. */
export function takeOver(wish: Wish, mission: Mission, table: SourcePoints | null): void {
  const { asked } = mission;
  const wanted = asked.wanted as unknown as Geometry;
  Object.assign(wish.form, {
    title: w(`${mission.title}（改）`, `${mission.title} (changed)`).slice(0, 200), kind: mission.kind as MissionKind, home: asked.home, aircraft_id: mission.aircraft_id,
    height_m: mission.height_m, overlap_percent: Math.round(asked.overlap * 100), width_m: asked.width_m ?? wish.form.width_m,
  });
  if (wanted.type === "Polygon") wish.pen.replace(wanted.coordinates[0]!.slice(0, -1) as Corner[]);
  if (wanted.type === "LineString") wish.line.value = wanted.coordinates;
  if (wanted.type === "MultiPoint" && table) {
    const places = new Set(wanted.coordinates.map(String));
    wish.addAll(sourcesIn(table, ({ lon, lat }) => places.has(String([lon, lat]))));
  }
}
