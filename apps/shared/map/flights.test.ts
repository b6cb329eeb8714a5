import { expect, it } from "vitest";
import { FLIGHT_STYLES, flightFeatures, flightStyle } from "./flights";

const HOME = [117, 36], A = [117.01, 36], B = [117.02, 36];

it("draws what is filmed, the ways there and back, and what is photographed", () => {
  const flights = [
    { steps: [HOME, A, B, HOME], is_at_work: [false, true, false] },
    { steps: [HOME, A, A, HOME], is_at_work: [false, true, false] },
  ];
  const { features } = flightFeatures(flights, (index) => `${index + 1}`);
  const drawn = (part: string) => features.filter((one) => one.properties?.part === part);
  expect(drawn("lane").map((one) => one.geometry)).toEqual([
    { type: "MultiLineString", coordinates: [[A, B]] },
    { type: "MultiLineString", coordinates: [] },
  ]);
  expect(drawn("way")[0]!.geometry).toEqual({ type: "MultiLineString", coordinates: [[HOME, A], [B, HOME]] });
  expect(drawn("photo").map((one) => [one.properties?.style, one.geometry])).toEqual([[1, { type: "Point", coordinates: A }]]);
  expect(drawn("home")).toHaveLength(1);
});

it("tells any two batteries in a row apart by colour and by dashes", () => {
  for (let index = 0; index < 2 * FLIGHT_STYLES.length; index += 1) {
    const [one, next] = [flightStyle(index), flightStyle(index + 1)];
    expect(one.colour).not.toBe(next.colour);
    expect(one.dashes).not.toEqual(next.dashes);
  }
});

it("draws nothing of no flights", () => {
  expect(flightFeatures([], String).features).toEqual([]);
});
