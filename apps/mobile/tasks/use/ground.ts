/** A map without tiles: positions around a place as metres east and north of it, and lines of GeoJSON as such positions. */
import { w } from "@shared/terms";

export interface Spot { lon: number; lat: number }
export type Metres = [east: number, north: number];

const METRES_A_DEGREE = 111_320;

/** How far east and north of the middle a position lies. Good to a metre over the few kilometres that are drawn. */
export function metresFrom(middle: Spot, { lon, lat }: Spot): Metres {
  return [(lon - middle.lon) * METRES_A_DEGREE * Math.cos((middle.lat * Math.PI) / 180), (lat - middle.lat) * METRES_A_DEGREE];
}

/** Every line of a GeoJSON geometry, whatever it is made of; points alone are no lines. */
export function linesOf(geometry: unknown): Spot[][] {
  const { type, coordinates, geometries } = (geometry ?? {}) as { type?: string; coordinates?: unknown; geometries?: unknown[] };
  if (type === "GeometryCollection") return (geometries ?? []).flatMap(linesOf);
  const line = (points: unknown): Spot[] => (points as [number, number][]).map(([lon, lat]) => ({ lon, lat }));
  if (type === "LineString") return [line(coordinates)];
  if (type === "MultiLineString" || type === "Polygon") return (coordinates as unknown[]).map(line);
  if (type === "MultiPolygon") return (coordinates as unknown[][]).flat().map(line);
  return [];
}

/** A line as the `d` of an SVG path, metres to pixels by `scale`, north up, the middle at the origin. */
export function pathOf(line: Spot[], middle: Spot, scale: number): string {
  return line
    .map((spot, at) => {
      const [east, north] = metresFrom(middle, spot);
      return `${at === 0 ? "M" : "L"}${(east * scale).toFixed(1)} ${(-north * scale).toFixed(1)}`;
    })
    .join("");
}

const EIGHT: [string, string][] = [["北", "N"], ["东北", "NE"], ["东", "E"], ["东南", "SE"], ["南", "S"], ["西南", "SW"], ["西", "W"], ["西北", "NW"]];

/** 东北 for 45: the nearest of eight directions, in words. */
export const directionWords = (bearing_deg: number): string => w(...EIGHT[Math.round((((bearing_deg % 360) + 360) % 360) / 45) % 8]!);

/** The direction from the middle to a position, in degrees from north. */
export function bearingTo(middle: Spot, spot: Spot): number {
  const [east, north] = metresFrom(middle, spot);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

/** A round number of metres that is about a third of what is shown. */
export function ruler_m(radius_m: number): number {
  const third = radius_m / 3;
  const power = 10 ** Math.floor(Math.log10(third));
  return [5, 2, 1].map((times) => times * power).find((length) => length <= third) ?? power;
}
