import type { Geometry, Position } from "geojson";
import type { Mission } from "@shared/client/types";

/** The zones that this plan was worked out around and that lie where it is flown: those farther off did not matter. */
export function zonesNear(mission: Mission): Mission["asked"]["zones"] {
  const closed = mission.plan.closed as unknown as Geometry;
  const boxes = ringsOf(closed).map(boxOf);
  return mission.asked.zones.filter((zone) => {
    const one = boxOf(ringsOf(zone.outline as unknown as Geometry)[0] ?? []);
    return boxes.some((other) => one.west <= other.east && other.west <= one.east && one.south <= other.north && other.south <= one.north);
  });
}

function ringsOf(shape: Geometry): Position[][] {
  if (shape.type === "Polygon") return shape.coordinates.slice(0, 1);
  if (shape.type === "MultiPolygon") return shape.coordinates.map((part) => part[0]!);
  return [];
}

function boxOf(ring: Position[]) {
  const [lons, lats] = [ring.map((one) => one[0]!), ring.map((one) => one[1]!)];
  return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
}
