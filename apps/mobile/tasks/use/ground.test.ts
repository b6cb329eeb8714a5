import { expect, it } from "vitest";
import { bearingTo, directionWords, linesOf, metresFrom, pathOf, ruler_m } from "./ground";

const MIDDLE = { lon: 117, lat: 36.6 };

it("measures east and north of the middle in metres", () => {
  const [east, north] = metresFrom(MIDDLE, { lon: 117.01, lat: 36.61 });
  expect(east).toBeCloseTo(893.7, 0);
  expect(north).toBeCloseTo(1113.2, 0);
});

it("draws with north up", () => {
  expect(pathOf([MIDDLE, { lon: 117, lat: 36.61 }], MIDDLE, 0.1)).toBe("M0.0 0.0L0.0 -111.3");
});

it("finds the lines in whatever a border is made of", () => {
  expect(linesOf({ type: "LineString", coordinates: [[1, 2], [3, 4]] })).toEqual([[{ lon: 1, lat: 2 }, { lon: 3, lat: 4 }]]);
  expect(linesOf({ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }, { type: "MultiLineString", coordinates: [[[1, 2]], [[3, 4]]] }] })).toHaveLength(2);
  expect(linesOf({ type: "MultiPolygon", coordinates: [[[[1, 2]]], [[[3, 4]], [[5, 6]]]] })).toHaveLength(3);
  expect(linesOf(null)).toEqual([]);
});

it("says the direction in words", () => {
  expect([0, 44, 90, 200, 359].map(directionWords)).toEqual(["北", "东北", "东", "南", "北"]);
  expect(bearingTo(MIDDLE, { lon: 116.9, lat: 36.6 })).toBeCloseTo(270, 0);
});

it("chooses a ruler that fits", () => {
  expect([500, 1000, 3000].map(ruler_m)).toEqual([100, 200, 1000]);
});
