/**
 * How well a problem is entered (问题录入质量), while it is typed: 100 less the points lost, each with the reason.
 * The rules come with the pack; the server scores the same way (liandong/work/problems/entry_score.py), and one file
 * of vectors holds both together. All arithmetic is in whole tenths of a point, so that both round alike.
 */

type FieldName = "element" | "severity" | "description" | "basis_key" | "requirement" | "rectify_by_on";

export type Check =
  | { kind: "filled"; fields: FieldName[] }
  | { kind: "length"; field: FieldName; minimum: number }
  | { kind: "mentions"; field: FieldName; words: string[]; patterns: string[] }
  | { kind: "distinct"; field: FieldName; percent: number; minimum: number }
  | { kind: "attached"; minimum: number }
  | { kind: "purposeful"; minimum: number; empty_words: string[] }
  | { kind: "positioned" }
  | { kind: "near"; metres: number }
  | { kind: "in_visit"; before_minutes: number; after_minutes: number };

export interface EntryRule { key: string; field: string; weight: number; check: Check; zh: string; en: string; status: string; source: string }
export interface EntryRules { version: number; rules: EntryRule[] }

/** Instants are milliseconds since 1970; null: not known, and nothing is lost for it. */
export interface EntryFacts extends Record<FieldName, string | null> {
  /** What the text might be pasted from: the basis, and problems of the same visit, source or officers. */
  basis_title: string | null;
  others: string[];
  photos: { purpose: string; taken_at_ms: number }[];
  is_positioned: boolean;
  /** From the source to where the problem is recorded, and the radius of doubt. */
  distance_m: number | null;
  accuracy_m: number | null;
  arrived_at_ms: number | null;
  ended_at_ms: number | null;
}

export interface Loss { rule: string; field: string; points: number; why_zh: string; why_en: string }
export interface Score { version: number; score: number; lost: Loss[] }

interface Found { missing: number; total: number; words?: Record<string, number> }

const NOTHING: Found = { missing: 0, total: 1 };
const MINUTE_MS = 60_000;

/** The score of an entry by these rules, with a reason for every point lost. */
export function scoreEntry(facts: EntryFacts, rules: EntryRules): Score {
  let tenths = 0;
  const lost: Loss[] = [];
  for (const rule of rules.rules) {
    const found = look(facts, rule.check);
    const gone = shareOf(rule.weight * 10, found);
    if (gone === 0) continue;
    tenths += gone;
    lost.push(loss(rule, found, gone));
  }
  return { version: rules.version, score: (1000 - tenths) / 10, lost };
}

/** A text in Unicode form NFKC without blanks: what is counted and searched. */
export const bare = (text: string | null): string => (text ?? "").normalize("NFKC").replace(/[ \t\r\n]+/g, "");

const shareOf = (tenths: number, { missing, total }: Found): number =>
  total === 0 ? 0 : Math.floor((2 * tenths * missing + total) / (2 * total));

function loss(rule: EntryRule, found: Found, tenths: number): Loss {
  const words = Object.entries({ missing: found.missing, total: found.total, ...found.words });
  const fill = (text: string): string => words.reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, String(value)), text);
  return { rule: rule.key, field: rule.field, points: tenths / 10, why_zh: fill(rule.zh), why_en: fill(rule.en) };
}

function look(facts: EntryFacts, check: Check): Found {
  switch (check.kind) {
    case "filled": return { missing: check.fields.filter((name) => bare(facts[name]) === "").length, total: check.fields.length };
    case "length": return lacking([...bare(facts[check.field])].length, check.minimum);
    case "mentions": return mentions(bare(facts[check.field]), check.words, check.patterns);
    case "distinct": return distinct(facts, check);
    case "attached": return lacking(facts.photos.length, check.minimum);
    case "purposeful": return purposeful(facts, check);
    case "positioned": return { missing: facts.is_positioned ? 0 : 1, total: 1 };
    case "near": return near(facts, check.metres);
    case "in_visit": return inVisit(facts, check);
  }
}

const lacking = (found: number, minimum: number): Found => ({ missing: Math.max(0, minimum - found), total: minimum, words: { found, minimum } });

function mentions(text: string, words: string[], patterns: string[]): Found {
  const said = words.some((word) => text.includes(word)) || patterns.some((pattern) => new RegExp(pattern, "u").test(text));
  return { missing: said ? 0 : 1, total: 1 };
}

function distinct(facts: EntryFacts, check: Extract<Check, { kind: "distinct" }>): Found {
  const text = bare(facts[check.field]);
  const pairs = pairsOf(text);
  if ([...text].length < check.minimum || pairs.size === 0) return NOTHING;
  const shares = [facts.basis_title, ...facts.others].map((other) => {
    const known = pairsOf(bare(other));
    return Math.floor((100 * [...pairs].filter((pair) => known.has(pair)).length) / pairs.size);
  });
  const same = Math.max(0, ...shares);
  return { missing: same >= check.percent ? 1 : 0, total: 1, words: { found: same, minimum: check.percent } };
}

function pairsOf(text: string): Set<string> {
  const letters = [...text];
  return new Set(letters.slice(1).map((letter, place) => `${letters[place]}${letter}`));
}

function purposeful(facts: EntryFacts, check: Extract<Check, { kind: "purposeful" }>): Found {
  const said = facts.photos.map((photo) => bare(photo.purpose));
  const vague = said.filter((one) => [...one].length < check.minimum || check.empty_words.includes(one));
  return { missing: vague.length, total: said.length, words: { minimum: check.minimum } };
}

function near(facts: EntryFacts, metres: number): Found {
  if (facts.distance_m === null) return NOTHING;
  const isFar = facts.distance_m - (facts.accuracy_m ?? 0) > metres;
  return { missing: isFar ? 1 : 0, total: 1, words: { found: Math.floor(facts.distance_m + 0.5), minimum: metres } };
}

function inVisit(facts: EntryFacts, check: Extract<Check, { kind: "in_visit" }>): Found {
  if (facts.arrived_at_ms === null) return NOTHING;
  const first = facts.arrived_at_ms - check.before_minutes * MINUTE_MS;
  const last = facts.ended_at_ms === null ? Infinity : facts.ended_at_ms + check.after_minutes * MINUTE_MS;
  const outside = facts.photos.filter(({ taken_at_ms }) => taken_at_ms < first || taken_at_ms > last);
  return { missing: outside.length, total: facts.photos.length };
}
