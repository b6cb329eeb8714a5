import { expect, it } from "vitest";
import { placeAt, ringFeatures } from "./rings";

/** Great-circle distance in metres, by the haversine formula: another way than the one that draws. */
function distance([lon1, lat1]: number[], [lon2, lat2]: number[]): number {
  const [a, b, c, d] = [lon1!, lat1!, lon2!, lat2!].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number, number];
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(Math.sin((d - b) / 2) ** 2 + Math.cos(b) * Math.cos(d) * Math.sin((c - a) / 2) ** 2));
}

it.each([[117, 36.6], [-179.99, 10], [25, 70]])("draws every ring at its distance all round (%d, %d)", (lon, lat) => {
  const { features } = ringFeatures({ lon, lat }, [3, 20]);
  for (const ring of features.filter((one) => one.properties?.part === "ring")) {
    const { coordinates } = ring.geometry as { coordinates: number[][] } & typeof ring.geometry;
    for (const place of coordinates) expect(distance([lon, lat], place)).toBeCloseTo(ring.properties!.km * 1000, 3);
    expect(coordinates[0]).toEqual(coordinates.at(-1));
  }
  expect(features.filter((one) => one.properties?.part === "label").map((one) => one.properties!.label)).toEqual(["3 km", "20 km"]);
});

it("draws nothing round nowhere", () => expect(ringFeatures(null, [3]).features).toEqual([]));

it("goes north, east and back", () => {
  expect(placeAt(117, 36, 1000, 0)[0]).toBeCloseTo(117, 9);
  expect(placeAt(117, 36, 1000, 90)[0]).toBeGreaterThan(117.01);
});
