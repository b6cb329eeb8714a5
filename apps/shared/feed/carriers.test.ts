import { expect, it } from "vitest";
import { applyCarriers } from "./carriers";
import type { CarrierKind, Place } from "./frames";

const place = (id: string, at: number, kind: CarrierKind = "aircraft"): Place => ({
  id, at, kind, lon: 117, lat: 36, accuracy_m: null, altitude_m: 120, course_deg: 90, speed_mps: 8, ground: null,
});
const ids = (known: ReturnType<typeof applyCarriers>): string[] => Object.keys(known).sort();

it("knows what flies and drives, and leaves people to the picture", () => {
  const known = applyCarriers({}, { isWhole: true, places: [place("a", 1), place("b", 1, "boat"), place("p", 1, "officer")] });
  expect(ids(known)).toEqual(["a", "b"]);
  expect(ids(applyCarriers(known, { isWhole: false, places: [place("v", 2, "vehicle")] }))).toEqual(["a", "b", "v"]);
});

it("forgets what a whole frame leaves out, and never goes back in time", () => {
  const known = applyCarriers({}, { isWhole: true, places: [place("a", 5), place("b", 5)] });
  expect(applyCarriers(known, { isWhole: false, places: [place("a", 4)] }).a!.at).toBe(5);
  const whole = applyCarriers(known, { isWhole: true, places: [place("a", 4)] });
  expect(ids(whole)).toEqual(["a"]);
  expect(whole.a!.at).toBe(5);
});

it("stays the same where nothing changed, so that no map is drawn anew", () => {
  const known = applyCarriers({}, { isWhole: true, places: [place("a", 5)] });
  expect(applyCarriers(known, { isWhole: false, places: [place("p", 9, "officer")] })).toBe(known);
});
