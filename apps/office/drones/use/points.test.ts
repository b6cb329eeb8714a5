import { expect, it } from "vitest";
import { pointsIn, sourcesIn } from "./points";

it("finds what lies in a box, and nothing without a place", () => {
  const table = { fields: ["name", "id", "lat", "lon"], rows: [["示例甲", "1", 36.1, 117.1], ["示例乙", "2", 37, 117.1], ["示例丙", "3", null, null]] };
  const found = sourcesIn(table as never, pointsIn({ west: 117, south: 36, east: 117.2, north: 36.2 }));
  expect(found).toEqual([{ id: "1", name: "示例甲", lon: 117.1, lat: 36.1 }]);
});
