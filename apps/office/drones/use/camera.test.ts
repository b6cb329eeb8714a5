import { expect, it } from "vitest";
import { swathOf } from "./camera";

it("knows how wide a strip an angle sees", () => {
  expect([swathOf(90), swathOf(70.3)]).toEqual([2, 1.408]);
});
