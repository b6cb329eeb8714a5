import type { Feature } from "geojson";
import { expect, it } from "vitest";
import { boundsOf, cityOf, isDistrict, labelPoints, markOwn, ownBounds } from "./outlines";

const district = (area_code: string, west: number): Feature => ({
  type: "Feature",
  properties: { area_code, name: area_code },
  geometry: { type: "Polygon", coordinates: [[[west, 36], [west + 1, 36], [west + 1, 37], [west, 36]]] },
});
const outlines = { type: "FeatureCollection" as const, features: [district("370103", 116), district("370104", 117), district("370181", 130)] };

it("shows one's own districts first, and all when none is one's own", () => {
  expect(boundsOf(outlines)).toEqual([[116, 36], [131, 37]]);
  expect(ownBounds(markOwn(outlines, ["370103", "370104"]))).toEqual([[116, 36], [118, 37]]);
  expect(ownBounds(markOwn(outlines, ["130900"]))).toEqual([[116, 36], [131, 37]]);
  expect(boundsOf({ type: "FeatureCollection", features: [] })).toBeNull();
});

it("knows a city by any of its divisions, and a street from a district", () => {
  expect([cityOf("370104"), cityOf("370100"), cityOf("370104001"), cityOf("")]).toEqual(["370100", "370100", "370100", undefined]);
  expect([isDistrict("370104"), isDistrict("370104000000"), isDistrict("370104001")]).toEqual([true, true, false]);
});

it("puts a district's name at the middle of its largest part", () => {
  const square = (west: number, south: number, size: number) => [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]];
  const parts: Feature = { type: "Feature", properties: { name: "示例区" }, geometry: { type: "MultiPolygon", coordinates: [square(0, 0, 1), square(10, 20, 4)] } };
  const [label] = labelPoints({ type: "FeatureCollection", features: [parts] }).features;
  expect(label?.geometry.coordinates).toEqual([12, 22]);
  expect(label?.properties).toEqual({ name: "示例区" });
});
