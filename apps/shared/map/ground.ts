/** The ground that the cameras of aircraft see, as shapes on the map. */
import type { Feature, FeatureCollection, Polygon } from "geojson";
import type { Carriers } from "../feed/carriers";
import type { Corner } from "../feed/frames";

/** A view that is older is not what is seen now, so it is not drawn: a report comes every second or two. */
export const SEEN_NOW_MS = 15_000;
/** Of latitude, on the mean sphere. */
export const METRES_A_DEGREE = 111_195;

export const groundFeature = (id: string, ring: readonly Corner[]): Feature<Polygon> => ({
  type: "Feature",
  geometry: { type: "Polygon", coordinates: [[...ring, ring[0]!]] },
  properties: { id },
});

const NOTHING: FeatureCollection<Polygon> = { type: "FeatureCollection", features: [] };

/** What is seen now. */
export function groundFeatures(places: Carriers, now: number): FeatureCollection<Polygon> {
  const seen = Object.values(places).filter(({ at, ground }) => ground !== null && now - at <= SEEN_NOW_MS);
  return seen.length === 0 ? NOTHING : { type: "FeatureCollection", features: seen.map(({ id, ground }) => groundFeature(id, ground!)) };
}

/** Hectares inside a ring; on a plane, which over a kilometre is true to a thousandth. */
export function hectares(ring: readonly Corner[]): number {
  const [lon0, lat0] = ring[0]!;
  const east = METRES_A_DEGREE * Math.cos((lat0 * Math.PI) / 180);
  const flat = ring.map(([lon, lat]) => [(lon - lon0) * east, (lat - lat0) * METRES_A_DEGREE] as const);
  const twice = flat.reduce((sum, [x, y], place) => {
    const [before, under] = flat.at(place - 1)!;
    return sum + before * y - x * under;
  }, 0);
  return Math.abs(twice) / 2 / 10_000;
}
