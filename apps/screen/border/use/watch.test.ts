import { expect, test } from "vitest";
import type { BorderSegment } from "@shared/client/types";
import { countOf, kmOf, lastWords, linesOf, LOOKS } from "./watch";

const SIDE: BorderSegment["sides"][number] = {
  id: "n", area_code: "990101", last_track_on: null, track_days: 0, watchers: [], last_seen_on: null, seen_days: 0, sources: 1, never_visited: 1, clues: 0, problems: 0, closed: 0,
};
const PIECE: BorderSegment = {
  one: "990101", other: "990102", line: { type: "LineString", coordinates: [[117, 36.6], [117.01, 36.6]] }, length_m: 900, band_m: 1000, watch: "nobody", memorandum: null,
  sides: [SIDE, { ...SIDE, id: "s", area_code: "990102" }],
};

test("nobody was there is said in words, and a date says whose it was", () => {
  expect(lastWords(SIDE)).toBe("期内无轨迹、无航拍");
  expect(lastWords({ ...SIDE, last_track_on: "2026-03-10", track_days: 2, watchers: ["东区分局"], last_seen_on: "2026-03-09", seen_days: 1 })).toBe("03-10 有人员轨迹（东区分局，2 天）；03-09 有航拍画面（1 天）");
});

test("what is not shared is no nought", () => {
  expect([countOf(0), countOf(null)]).toEqual(["0", "未共享"]);
});

test("each kind of watch is drawn otherwise, not by colour alone", () => {
  expect(new Set(LOOKS.map(({ width, dash }) => `${width} ${dash}`)).size).toBe(LOOKS.length);
  expect(linesOf([PIECE], "n s").features[0]!.properties).toEqual({ watch: "nobody", isChosen: true });
  expect(kmOf([PIECE, PIECE])).toBe(1.8);
});
