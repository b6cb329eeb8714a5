import { expect, it } from "vitest";
import { angleOf, swathOf } from "./camera";

it("knows how wide a strip an angle sees", () => {
  expect(swathOf(90)).toBe(2);
  for (const angle of [20, 70.3, 120]) expect(angleOf(swathOf(angle))).toBeCloseTo(angle, 1);
});
