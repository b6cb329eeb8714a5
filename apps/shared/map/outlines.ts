import type { FeatureCollection, Geometry, Point, Position } from "geojson";

export type Outlines = FeatureCollection<Geometry, { area_code: string; name: string; isOwn?: boolean }>;

export type Bounds = [[number, number], [number, number]];

/** West-south and east-north corners of everything drawn, or null when there is nothing. */
export function boundsOf(outlines: FeatureCollection): Bounds | null {
  let box: Bounds | null = null;
  const take = ([lon, lat]: Position): void => {
    if (lon === undefined || lat === undefined) return;
    box = box === null
      ? [[lon, lat], [lon, lat]]
      : [[Math.min(box[0][0], lon), Math.min(box[0][1], lat)], [Math.max(box[1][0], lon), Math.max(box[1][1], lat)]];
  };
  for (const { geometry } of outlines.features) {
    if (geometry?.type === "Polygon") geometry.coordinates.forEach((ring) => ring.forEach(take));
    if (geometry?.type === "MultiPolygon") geometry.coordinates.forEach((part) => part.forEach((ring) => ring.forEach(take)));
    if (geometry?.type === "Point") take(geometry.coordinates);
  }
  return box;
}

/** The city round a division (GB/T 2260): neighbours across a district border are on the map, other cities are not. */
export const cityOf = (areaCode: string): string | undefined => (areaCode.length >= 4 ? `${areaCode.slice(0, 4)}00` : undefined);

/** Whether a code is a city or a district, and not a street or town below one. */
export const isDistrict = (areaCode: string): boolean => areaCode.length === 6 || /^\d{6}0+$/.test(areaCode);

/** The outlines with those marked that lie in `areas`; where none does, all are. */
export function markOwn(outlines: FeatureCollection, areas: readonly string[]): Outlines {
  const features = (outlines as Outlines).features;
  const isListed = (code: string): boolean => areas.includes(code);
  const hasOwn = features.some((feature) => isListed(feature.properties.area_code));
  return {
    type: "FeatureCollection",
    features: features.map((feature) => ({ ...feature, properties: { ...feature.properties, isOwn: !hasOwn || isListed(feature.properties.area_code) } })),
  };
}

/** What to show first: one's own districts. */
export function ownBounds(outlines: FeatureCollection): Bounds | null {
  const own = outlines.features.filter((feature) => feature.properties?.isOwn !== false);
  return boundsOf({ type: "FeatureCollection", features: own });
}

/** One point a district for its name: of a polygon the map would draw the name once in every tile. */
export function labelPoints(outlines: FeatureCollection): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: outlines.features.flatMap((feature) => {
      const ring = largestRing(feature.geometry);
      return ring ? [{ type: "Feature" as const, properties: feature.properties, geometry: { type: "Point" as const, coordinates: centroid(ring) } }] : [];
    }),
  };
}

function largestRing(geometry: Geometry | null): Position[] | null {
  const rings = geometry?.type === "Polygon" ? [geometry.coordinates[0]] : geometry?.type === "MultiPolygon" ? geometry.coordinates.map((part) => part[0]) : [];
  const known = rings.filter((ring): ring is Position[] => ring !== undefined && ring.length >= 4);
  return known.sort((a, b) => Math.abs(doubleArea(b)) - Math.abs(doubleArea(a)))[0] ?? null;
}

function edges(ring: Position[]): [number, number, number, number][] {
  return ring.slice(1).map((point, index) => [ring[index]![0]!, ring[index]![1]!, point[0]!, point[1]!]);
}

const doubleArea = (ring: Position[]): number => edges(ring).reduce((sum, [x1, y1, x2, y2]) => sum + (x1 * y2 - x2 * y1), 0);

function centroid(ring: Position[]): Position {
  const area = doubleArea(ring);
  const [x, y] = edges(ring).reduce(
    ([sumX, sumY], [x1, y1, x2, y2]) => [sumX + (x1 + x2) * (x1 * y2 - x2 * y1), sumY + (y1 + y2) * (x1 * y2 - x2 * y1)] as [number, number],
    [0, 0] as [number, number],
  );
  return [x / (3 * area), y / (3 * area)];
}
