import type { FeatureCollection, Geometry, Position } from "geojson";

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
