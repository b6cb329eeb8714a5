import { expect, it } from "vitest";
import { clock, unfit } from "./recording";
import { isSupport, missingOf, type SiteRules } from "./site";
import { loudness } from "./useRecorder";

it("hears silence as nothing and a shout as all there is", () => {
  expect(loudness(new Uint8Array(64).fill(128))).toBe(0);
  expect(loudness(Uint8Array.from({ length: 64 }, (_, at) => (at % 2 ? 255 : 0)))).toBeCloseTo(1, 1);
  const quiet = loudness(Uint8Array.from({ length: 64 }, (_, at) => 128 + (at % 2 ? 3 : -3)));
  expect(quiet).toBeGreaterThan(0.1);
  expect(quiet).toBeLessThan(0.3);
});

it("says lengths as minutes and seconds", () => {
  expect([0, 7.9, 60, 750].map(clock)).toEqual(["0:00", "0:07", "1:00", "12:30"]);
});

it("asks for the required fields of a sample that are not filled, and for nothing without rules", () => {
  const field = (key: string, is_required: boolean) => ({ key, zh: key, en: key, is_required, choices: [] });
  const rules = { sampling_fields: [field("number", true), field("point", true), field("weather", false)] } as unknown as SiteRules;
  expect(missingOf(rules, { number: " ", point: "总排口" }).map((one) => one.key)).toEqual(["number"]);
  expect(missingOf(null, {})).toEqual([]);
});

it("knows the visits that only help", () => {
  expect(["assistance", "outreach", "routine", undefined].map(isSupport)).toEqual([true, true, false, false]);
});

it("says before it is kept that a film of the camera app is of another type or too long", () => {
  const limits = { key: "video", media_types: ["video/mp4"], most_bytes: 1, most_seconds: 60, status: "", source: "" };
  expect(unfit("video/mp4;codecs=avc1", 60, limits)).toBeNull();
  expect(unfit("video/3gpp", 5, limits)).toBe("type");
  expect(unfit("video/mp4", 75, limits)).toBe("length");
  expect(unfit("video/mp4", null, limits)).toBeNull();
  expect(unfit("video/3gpp", 500, null)).toBeNull();
});
