import { expect, it } from "vitest";
import type { Evidence, Move } from "@shared/client/types";
import { pairsOf } from "./pairs";

const taken = (id: string, taken_at: string, media_type = "image/jpeg"): Evidence => ({ id, taken_at, media_type }) as Evidence;
const claim = (...evidence_ids: string[]): Move => ({ verb: "claim", evidence_ids }) as Move;
const ids = (pairs: ReturnType<typeof pairsOf>) => pairs.map(({ before, after }) => [before?.id ?? null, after?.id ?? null]);
const ORDERED = "2026-03-01T02:00:00Z";

it("puts what was found beside what shows it put right", () => {
  const evidence = [taken("a", "2026-03-01T01:00:00Z"), taken("b", "2026-03-01T01:05:00Z"), taken("c", "2026-03-01T02:30:00Z")];
  expect(ids(pairsOf({ evidence, moves: [claim("c")], ordered_at: ORDERED }))).toEqual([["a", "c"], ["b", null]]);
});

it("says so when there is no picture from before", () => {
  expect(ids(pairsOf({ evidence: [taken("c", "2026-03-01T02:30:00Z")], moves: [claim("c")], ordered_at: ORDERED }))).toEqual([[null, "c"]]);
});

it("shows no pair before anybody claims, and none for recordings", () => {
  const voice = taken("v", "2026-03-01T02:30:00Z", "audio/webm");
  expect(pairsOf({ evidence: [taken("a", "2026-03-01T01:00:00Z")], moves: [], ordered_at: ORDERED })).toEqual([]);
  expect(pairsOf({ evidence: [voice], moves: [claim("v")], ordered_at: ORDERED })).toEqual([]);
});
