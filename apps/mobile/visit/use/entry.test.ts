// @vitest-environment node
import { expect, it } from "vitest";
import type { FieldPack } from "@shared/client/types";
import { factsOf, scoreOf } from "./entry";
import { blankVisit, type Found, type VisitView } from "./fold";

const words = { element: "air", severity: "major", description: "示例：1号车间风机未开启", basis_key: "air.evasion", rectify_by_on: null, requirement: "" };
const pack = {
  enterprise_file: { source: { lon: 117, lat: 36.6 }, problems: [{ id: "old", description: "示例：旧问题" }, { id: "p1", description: words.description }] },
  problem_bases: [{ key: "air.evasion", title: "以逃避监管的方式排放" }],
  entry_quality: { version: 1, rules: [{ key: "evidence.attached", field: "photos", weight: 12, check: { kind: "attached", minimum: 2 }, zh: "只有 {found} 份", en: "{found} only", status: "unconfirmed", source: "示例" }] },
} as unknown as FieldPack;

function visited(): VisitView {
  const photo = { sha256: "", purpose: "示例：风机未开启", caption: "", kind: "photo", length_s: null, taken_at: "2026-11-03T06:20:00Z", row: null as never };
  return {
    ...blankVisit("v"),
    arrival: { deed: { lon: 117, lat: 36.61, accuracy_m: 8, happened_at: "2026-11-03T06:00:00Z" } } as never,
    problems: [{ problem_id: "p1", description: words.description }, { problem_id: "p2", description: "示例：另一问题" }] as Found[],
    photos: [{ ...photo, problem_id: "p1" }, { ...photo, problem_id: null }],
  };
}

it("gathers what is known of a recorded problem, and never compares it with itself", () => {
  const facts = factsOf(words, "p1", visited(), pack);
  expect(facts.others).toEqual(["示例：另一问题", "示例：旧问题"]);
  expect(facts.photos).toEqual([{ purpose: "示例：风机未开启", taken_at_ms: Date.UTC(2026, 10, 3, 6, 20) }]);
  expect(facts.basis_title).toBe("以逃避监管的方式排放");
  expect(Math.round(facts.distance_m ?? 0)).toBeGreaterThan(1100);
  expect(facts.arrived_at_ms).toBe(Date.UTC(2026, 10, 3, 6));
});

it("a new problem has no photos yet, and the score says so", () => {
  expect(scoreOf(words, null, visited(), pack)).toEqual({
    version: 1, score: 88, lost: [{ rule: "evidence.attached", field: "photos", points: 12, why_zh: "只有 0 份", why_en: "0 only" }],
  });
});

it("without rules in the pack there is no score", () => {
  expect(scoreOf(words, null, visited(), null)).toBeNull();
  expect(scoreOf(words, null, visited(), { ...pack, entry_quality: undefined } as unknown as FieldPack)).toBeNull();
});
