import { expect, it } from "vitest";
import { distance_m, distanceText } from "./fix";

it("measures along the great circle", () => {
  expect(distance_m({ lon: 117, lat: 36 }, { lon: 117, lat: 36 })).toBe(0);
  expect(distance_m({ lon: 0, lat: 0 }, { lon: 0, lat: 1 })).toBeCloseTo(111_195, 0);
  expect(distance_m({ lon: 117, lat: 60 }, { lon: 118, lat: 60 })).toBeCloseTo(55_597, 0);
});

it("says distances as people do", () => {
  expect([distanceText(84.6), distanceText(999.4), distanceText(1234)]).toEqual(["85 m", "999 m", "1.2 km"]);
});
