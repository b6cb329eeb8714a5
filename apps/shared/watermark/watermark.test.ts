import { expect, it } from "vitest";
import { letterPx, linesOf } from "./watermark";

const FACTS = { sha256: "0123456789abcdef".repeat(4), taken_at: "2026-02-03T01:02:03Z", taker: "示例人员", place: "示例工厂", lon: 117.123456, lat: 36.6 };

it("says when, where, who, and which original it is a copy of", () => {
  const lines = linesOf(FACTS).join("\n");
  expect(lines).toContain("2026-02-03 09:02");
  expect(lines).toContain("示例工厂");
  expect(lines).toContain("117.12346, 36.60000");
  expect(lines).toContain("示例人员");
  expect(lines).toContain("01234567");
  expect(lines).not.toContain("012345678");
});

it("says what is not known", () => {
  const lines = linesOf({ ...FACTS, lon: null, lat: null, place: "" }).join("\n");
  expect(lines).toContain("无定位");
  expect(lines).toContain("未登记");
});

it("writes letters that can be read on a small picture and on a large one", () => {
  expect(letterPx(320, 240)).toBe(12);
  expect(letterPx(4000, 3000)).toBe(100);
});
