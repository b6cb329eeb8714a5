/** An operation that is over, at one instant: where everybody was, which way he came, and what had been done. */
import type { FeatureCollection } from "geojson";
import type { Replayed } from "@shared/client/types";
import type { Fact } from "@shared/feed/picture";
import { groundFeature, SEEN_NOW_MS } from "@shared/map/ground";
import { STALE_POSITION_MS, type PointCollection } from "@shared/map/features";

/** So much of the way is drawn behind everybody. */
export const TAIL_MS = 20 * 60_000;

/** The index of the last step at or before an instant; -1 before the first. Steps are in the order of time. */
export function lastBefore(steps: readonly (readonly [number, ...unknown[]])[], at: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]![0] <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Everybody where he was known to be then; whoever had not been heard of yet is not there, whoever was long silent is faded. */
export function pointsAt({ ways }: Replayed, at: number): { officers: PointCollection; carriers: PointCollection } {
  const officers: PointCollection = { type: "FeatureCollection", features: [] };
  const carriers: PointCollection = { type: "FeatureCollection", features: [] };
  for (const way of ways) {
    const step = way.steps[lastBefore(way.steps, at)];
    if (!step) continue;
    const isOfficer = way.kind === "officer";
    (isOfficer ? officers : carriers).features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [step[1], step[2]] },
      properties: { id: way.id, room: isOfficer ? "officers" : "carriers", label: way.name, icon: at - step[0] > STALE_POSITION_MS ? `${way.kind}-stale` : way.kind, course: 0 },
    });
  }
  return { officers, carriers };
}

/** The last stretch of everybody's way up to an instant. */
export function tailsAt({ ways }: Replayed, at: number): FeatureCollection {
  const features = ways.flatMap((way): FeatureCollection["features"] => {
    const coordinates = way.steps.slice(lastBefore(way.steps, at - TAIL_MS) + 1, lastBefore(way.steps, at) + 1).map((step) => [step[1], step[2]]);
    return coordinates.length < 2 ? [] : [{ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { kind: way.kind } }];
  });
  return { type: "FeatureCollection", features };
}

/** The ground that the cameras of aircraft saw then. A step of theirs counts for as long as the next may take. */
export function groundsAt({ grounds, step_s }: Replayed, at: number): FeatureCollection {
  const features = grounds.flatMap(({ id, steps }) => {
    const step = steps[lastBefore(steps, at)];
    return step && at - step[0] <= Math.max(SEEN_NOW_MS, 2_000 * step_s) ? [groundFeature(id, step[1])] : [];
  });
  return { type: "FeatureCollection", features };
}

/** What had been done up to an instant, newest first. */
export const factsUpTo = (facts: readonly Fact[], at: number): Fact[] => facts.filter((fact) => Date.parse(fact.at) <= at).reverse();

/** Where on the axis an instant lies, from 0 to 1. */
export const shareOf = (at: number, since: number, until: number): number => Math.min(1, Math.max(0, (at - since) / (until - since)));
