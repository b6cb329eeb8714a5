import { expect, test } from "vitest";
import type { BorderList, BorderSource } from "@shared/client/types";
import { nameOf, openWords, pairsOf, pointsOf, visitWords } from "./rows";

const ROW: BorderSource = {
  id: "a", name: "示例一厂", uscc: null, address: null, area_code: "990101003", neighbour_code: "990102", agency_name: "东区分局", distance_m: 20,
  lon: 117, lat: 36.6, supervision_class: "key", elements: ["air"], last_visit_on: null, last_visit_by: [], open_problems: 0, overdue_problems: 0, memorandum: null,
};
const SIGNED = { id: "m", number: "BW1", title: "示例备忘录" };
const HIDDEN: BorderSource = { ...ROW, id: "b", name: null, area_code: "990102", neighbour_code: "990101", lon: null, lat: null, open_problems: null, overdue_problems: null, memorandum: SIGNED };
const line = (one: string, other: string, length_m: number, memorandum: typeof SIGNED | null): BorderList["borders"][number] => ({ one, other, line: [[117, 36.6], [117.1, 36.6]], length_m, band_m: 1000, memorandum });

test("both sides of a border are its rows, in how many pieces it may lie", () => {
  const found = { borders: [line("990101", "990102", 1500, SIGNED), line("990101", "990102", 500, SIGNED), line("990101", "990104", 9000, null)], items: [ROW, HIDDEN] } as unknown as BorderList;
  const [south, north] = pairsOf(found);
  expect([south!.km, south!.rows.map((row) => row.id), south!.unvisited, south!.open, south!.memorandum?.number]).toEqual([2, ["a", "b"], 2, 0, "BW1"]);
  expect([north!.rows, north!.memorandum]).toEqual([[], null]);
});

test("what is not shared is said to be so, and is nowhere on the map", () => {
  expect([nameOf(HIDDEN), openWords(HIDDEN)]).toEqual(["名称不公开", "问题数未共享"]);
  expect(pointsOf([ROW, HIDDEN]).sources.features.map((one) => [one.properties.id, one.properties.icon])).toEqual([["a", "source-key"]]);
  expect(pointsOf([{ ...ROW, open_problems: 2, overdue_problems: 1 }]).problems.features[0]!.properties.icon).toBe("problem-overdue");
});

test("a visit says how long ago and whose", () => {
  expect(visitWords(ROW, "2026-03-10")).toBe("尚无检查记录");
  expect(visitWords({ ...ROW, last_visit_on: "2026-03-10", last_visit_by: ["东区分局", "南区分局"] }, "2026-03-10")).toBe("今日 · 东区分局、南区分局");
  expect(visitWords({ ...ROW, last_visit_on: "2026-03-01", last_visit_by: [] }, "2026-03-10")).toBe("9 天前 · 单位不详");
  expect(openWords({ ...ROW, open_problems: 2, overdue_problems: 1 })).toBe("未销号 2 · 超期 1");
});
