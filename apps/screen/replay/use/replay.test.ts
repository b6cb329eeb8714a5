import { expect, it } from "vitest";
import type { Replayed } from "@shared/client/types";
import type { Fact } from "@shared/feed/picture";
import { factsUpTo, groundsAt, lastBefore, pointsAt, shareOf, tailsAt } from "./replay";

const MINUTE = 60_000;
const steps = [0, 1, 2, 30].map((minute): [number, number, number, number | null] => [minute * MINUTE, 117 + minute / 1000, 36.6, null]);
const replayed: Replayed = {
  step_s: 5, is_cut: false, facts: [], grounds: [{ id: "d", steps: [[2 * MINUTE, [[117, 36.6], [117.001, 36.6], [117, 36.601]]]] }],
  ways: [{ id: "o", kind: "officer", name: "示例一", steps }, { id: "d", kind: "aircraft", name: "示例机", steps: steps.slice(2) }],
};
const shown = (at: number) => {
  const { officers, carriers } = pointsAt(replayed, at * MINUTE);
  return [...officers.features, ...carriers.features].map(({ geometry, properties }) => [properties.id, properties.icon, Math.round((geometry.coordinates[0]! - 117) * 1000)]);
};

it.each([[-1, -1], [0, 0], [59_999, 0], [60_000, 1], [10 * MINUTE, 2], [99 * MINUTE, 3]])("finds the last step at %d ms", (at, place) =>
  expect(lastBefore(steps, at)).toBe(place));

it("shows who was heard of, where he was then, and fades who was long silent", () => {
  expect(shown(1)).toEqual([["o", "officer", 1]]);
  expect(shown(2)).toEqual([["o", "officer", 2], ["d", "aircraft", 2]]);
  expect(shown(13)).toEqual([["o", "officer-stale", 2], ["d", "aircraft-stale", 2]]);
  expect(shown(-1)).toEqual([]);
});

it("draws the last twenty minutes of a way, and no line of one point", () => {
  const lengths = (at: number) => tailsAt(replayed, at * MINUTE).features.map((one) => (one.geometry as { coordinates: unknown[] } & typeof one.geometry).coordinates.length);
  expect(lengths(2)).toEqual([3]);
  expect(lengths(21.5)).toEqual([]);
  expect(lengths(31)).toEqual([]);
});

it("shows the ground that was seen then, and none a while later", () => {
  const seen = (at: number) => groundsAt(replayed, at * MINUTE).features.map((one) => one.properties?.id);
  expect([seen(1.9), seen(2), seen(2.2), seen(2.3)]).toEqual([[], ["d"], ["d"], []]);
});

it("tells what had been done, newest first", () => {
  const fact = (seq: number, at: string): Fact => ({ seq, at, name: "", author_name: null, agency_name: null, area_code: null, subject: { room: "tasks", id: "1" }, after: {}, words: "" });
  const facts = [fact(1, "2026-03-10T01:00:00Z"), fact(2, "2026-03-10T02:00:00Z"), fact(3, "2026-03-10T03:00:00Z")];
  expect(factsUpTo(facts, Date.parse("2026-03-10T02:30:00Z")).map((one) => one.seq)).toEqual([2, 1]);
});

it("keeps every mark on the axis", () => expect([shareOf(5, 0, 10), shareOf(-5, 0, 10), shareOf(50, 0, 10)]).toEqual([0.5, 0, 1]));
