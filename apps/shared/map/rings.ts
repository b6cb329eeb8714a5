import type { Feature, FeatureCollection, Position } from "geojson";

const EARTH_M = 6_371_008.8;
const STEPS = 96;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** The place that lies `metres` from another in the direction `bearing` (degrees clockwise from north), on a sphere. */
export function placeAt(lon: number, lat: number, metres: number, bearing: number): Position {
  const [arc, from, towards] = [metres / EARTH_M, radians(lat), radians(bearing)];
  const north = Math.asin(Math.sin(from) * Math.cos(arc) + Math.cos(from) * Math.sin(arc) * Math.cos(towards));
  const east = Math.atan2(Math.sin(towards) * Math.sin(arc) * Math.cos(from), Math.cos(arc) - Math.sin(from) * Math.sin(north));
  return [lon + degrees(east), degrees(north)];
}

/** A ring for each radius, and a place for its label at its top. */
export function ringFeatures(centre: { lon: number; lat: number } | null, radiiKm: readonly number[]): FeatureCollection {
  if (!centre) return { type: "FeatureCollection", features: [] };
  const features: Feature[] = radiiKm.flatMap((km) => [
    {
      type: "Feature",
      geometry: { type: "LineString", coordinates: Array.from({ length: STEPS + 1 }, (_, step) => placeAt(centre.lon, centre.lat, km * 1000, (step % STEPS) * (360 / STEPS))) },
      properties: { part: "ring", km },
    },
    { type: "Feature", geometry: { type: "Point", coordinates: placeAt(centre.lon, centre.lat, km * 1000, 0) }, properties: { part: "label", label: `${km} km` } },
  ]);
  return { type: "FeatureCollection", features: [...features, { type: "Feature", geometry: { type: "Point", coordinates: [centre.lon, centre.lat] }, properties: { part: "centre" } }] };
}
