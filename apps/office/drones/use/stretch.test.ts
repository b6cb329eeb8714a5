import { expect, it } from "vitest";
import { cut, measured, nearestAlong, placeAt } from "./stretch";

/** A kilometre or so north, then as far east. */
const LINE = [[117, 36], [117, 36.01], [117.0124, 36.01]];
const whole = measured(LINE);

it("measures a line by the metre", () => {
  expect(whole.along[0]).toBe(0);
  expect(whole.along[1]).toBeCloseTo(1112, 0);
  expect(whole.length).toBeCloseTo(1112 + 1115, -1);
});

it("finds places along it, and no farther than its ends", () => {
  expect(placeAt(whole, -5)).toEqual(LINE[0]);
  expect(placeAt(whole, 1e9)).toEqual(LINE[2]);
  const [lon, lat] = placeAt(whole, 556);
  expect([lon, lat!.toFixed(3)]).toEqual([117, "36.005"]);
});

it("cuts a stretch out, corners between kept", () => {
  const stretch = cut(whole, 556, 1500);
  expect(stretch).toHaveLength(3);
  expect(stretch[1]).toEqual(LINE[1]);
  expect(measured(stretch).length).toBeCloseTo(1500 - 556, 0);
});

it("finds the nearest place of the line to a click beside it", () => {
  expect(nearestAlong(whole, [116.99, 36.005])).toBeCloseTo(556, 0);
  expect(nearestAlong(whole, [116.9, 35.9])).toBe(0);
  expect(nearestAlong(whole, [117.2, 36.01])).toBeCloseTo(whole.length, 3);
});
