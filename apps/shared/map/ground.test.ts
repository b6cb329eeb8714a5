import { expect, it } from "vitest";
import type { Corner, Place } from "../feed/frames";
import { groundFeatures, hectares, SEEN_NOW_MS } from "./ground";

const NOW = 1_770_000_000_000;
const square: Corner[] = [[117, 36.6], [117.001, 36.6], [117.001, 36.601], [117, 36.601]];
const place = (id: string, at: number, ground: Corner[] | null): Place => ({
  id, kind: "aircraft", at, lon: 117, lat: 36.6, accuracy_m: null, altitude_m: 160, course_deg: 0, speed_mps: 10, ground,
});

it("draws what is seen now, closed, and nothing of what nobody knows or what is over", () => {
  const { features } = groundFeatures({ a: place("a", NOW, square), b: place("b", NOW, null), c: place("c", NOW - SEEN_NOW_MS - 1, square) }, NOW);
  expect(features).toHaveLength(1);
  expect(features[0]!.properties).toEqual({ id: "a" });
  expect(features[0]!.geometry.coordinates[0]).toEqual([...square, square[0]]);
});

it("knows how large it is: a thousandth of a degree by a thousandth at 36.6° north", () => {
  expect(hectares(square)).toBeCloseTo((111.195 * 111.195 * Math.cos((36.6 * Math.PI) / 180)) / 10_000, 3);
  expect(hectares([...square].reverse())).toBeCloseTo(hectares(square), 3);
});
