import { describe, expect, it } from "vitest";
import type { Place } from "./frames";
import { applyFact, applyPlaces, pictureFrom, type Fact, type Picture, type ProblemItem, type Snapshot } from "./picture";

const problem = (id: string, state: string): ProblemItem => ({
  id, state, number: `P-${id}`, element: "air", severity: "minor", area_code: "370103", source_id: null, source_name: "示例厂",
  lon: 117, lat: 36.6, rectify_by_on: null, found_at: "2026-03-01T00:00:00Z", closed_at: null,
});
const fact = (seq: number, after: Fact["after"]): Fact => ({
  seq, after, name: "ProblemMoved", at: new Date(Date.UTC(2026, 2, 1, 0, 0, seq)).toISOString(), author_name: null, agency_name: null,
  area_code: "370103", subject: { room: "problems", id: "x" }, words: `事实 ${seq}`,
});
const empty = (seq = 10): Snapshot => ({ seq, as_of: "2026-03-01T00:00:00Z", tasks: {}, problems: {}, officers: {}, clues: {}, ticker: [] });
const after = (facts: Fact[]): Picture => facts.reduce(applyFact, pictureFrom(empty()));
const seen = (picture: Picture) => ({ seq: picture.seq, problems: picture.problems, ticker: picture.ticker.map((f) => f.seq) });

const STORY = [
  fact(11, { problems: { a: problem("a", "found") } }),
  fact(12, { problems: { b: problem("b", "found") } }),
  fact(15, { problems: { a: problem("a", "ordered") } }),
  fact(16, { problems: { b: null } }),
  fact(19, { problems: { a: problem("a", "claimed") } }),
];

describe("applyFact", () => {
  it("lays facts over the snapshot, across gaps in the numbers", () => {
    const picture = after(STORY);
    expect(picture.seq).toBe(19);
    expect(picture.problems).toEqual({ a: problem("a", "claimed") });
    expect(picture.ticker.map((f) => f.seq)).toEqual([19, 16, 15, 12, 11]);
  });

  it("ignores a fact that comes twice, and one the snapshot already holds", () => {
    const once = after(STORY);
    expect(seen(STORY.reduce(applyFact, once))).toEqual(seen(once));
    const old = fact(10, { problems: { z: problem("z", "found") } });
    expect(applyFact(once, old)).toBe(once);
  });

  it("leads to the same picture in every order of arrival", () => {
    const expected = seen(after(STORY));
    for (const order of permutations(STORY)) expect(seen(after(order))).toEqual(expected);
  });

  it("does not bring a removed item back when an older fact comes late", () => {
    expect(after([fact(16, { problems: { b: null } }), fact(12, { problems: { b: problem("b", "found") } })]).problems).toEqual({});
  });

  it("changes only the fields a fact names, and knows no item of which it has only heard in part", () => {
    const facts = [
      fact(11, { problems: { a: problem("a", "found") } }),
      fact(12, { problems: { a: { rectify_by_on: "2026-03-09" }, stranger: { state: "closed" } } }),
      fact(13, { problems: { a: { state: "ordered" } } }),
    ];
    for (const order of permutations(facts)) {
      expect(after(order).problems).toEqual({ a: { ...problem("a", "ordered"), rectify_by_on: "2026-03-09" } });
    }
  });

  it("shows an item that left and came back as it came back, in every order", () => {
    const facts = [
      fact(11, { problems: { a: { ...problem("a", "found"), relapse_count: 1 } as ProblemItem } }),
      fact(12, { problems: { a: null } }),
      fact(13, { problems: { a: problem("a", "relapsed") } }),
    ];
    for (const order of permutations(facts)) expect(after(order).problems).toEqual({ a: problem("a", "relapsed") });
  });

  it("keeps the thirty newest facts that changed the picture in the ticker", () => {
    const picture = after([...Array.from({ length: 40 }, (_, index) => fact(11 + index, { problems: { a: null } })), fact(51, {})]);
    expect(picture.ticker.map((f) => f.seq)).toEqual(Array.from({ length: 30 }, (_, index) => 50 - index));
  });

  it("leaves the picture it was given as it was", () => {
    const before = after(STORY.slice(0, 2));
    const copy = structuredClone(before);
    applyFact(before, STORY[2]!);
    expect(before).toEqual(copy);
  });
});

describe("applyPlaces", () => {
  const officer = {
    id: "o", name: "示例", agency_name: "示例大队", area_code: "370103", is_on_duty: true, task_id: null,
    lon: 117, lat: 36, position_at: "2026-03-01T00:00:10+00:00",
  };
  const start = pictureFrom({ ...empty(), officers: { o: officer } });

  const at = (id: string, when: string, lon: number): Place => ({
    id, kind: "officer", at: Date.parse(when), lon, lat: 37, accuracy_m: null, altitude_m: null, course_deg: null, speed_mps: null, ground: null,
  });

  it("takes a newer place and refuses an older one, whatever the notation of the instant", () => {
    const moved = applyPlaces(start, [at("o", "2026-03-01T00:00:11Z", 118)]);
    expect(moved.officers.o).toMatchObject({ lon: 118, lat: 37 });
    expect(applyPlaces(moved, [at("o", "2026-03-01T00:00:09.5Z", 1)])).toBe(moved);
    expect(applyPlaces(start, [at("nobody", "2027-01-01T00:00:00Z", 1)])).toBe(start);
  });

  it("keeps a newer place when a fact about the officer carries an older one", () => {
    const moved = applyPlaces(start, [at("o", "2026-03-01T00:01:00Z", 118)]);
    const renewed = applyFact(moved, fact(11, { officers: { o: { ...officer, is_on_duty: false } } }));
    expect(renewed.officers.o).toMatchObject({ is_on_duty: false, lon: 118, lat: 37 });
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]));
}
