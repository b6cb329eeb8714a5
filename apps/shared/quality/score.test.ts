// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { scoreEntry, type EntryFacts, type EntryRules, type Score } from "./score";

interface Vectors { rules: EntryRules[]; cases: { facts: EntryFacts; scores: Score[] }[] }

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/work/problems/entry_vectors.json", import.meta.url), "utf-8"),
) as Vectors;

it("scores every entry as the server does, with the same reasons", () => {
  expect(vectors.cases.length).toBeGreaterThan(50);
  for (const { facts, scores } of vectors.cases) {
    expect(vectors.rules.map((rules) => scoreEntry(facts, rules))).toEqual(scores);
  }
});
