import { describe, expect, it } from "vitest";
import type { ProblemItem } from "@shared/feed/picture";
import { rowsThatFit } from "@shared/ui/useFit";
import { deadlineBars } from "./deadlines";

const due = (rectify_by_on: string | null): ProblemItem => ({ rectify_by_on }) as ProblemItem;

describe("deadlineBars", () => {
  it("puts every problem into exactly one bar, also across the end of a month", () => {
    const bars = deadlineBars([due("2026-11-23"), due("2026-11-24"), due("2026-12-01"), due("2026-12-01"), due("2027-01-01"), due(null)], "2026-11-24");
    expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(6);
    expect(bars.map((bar) => [bar.kind, bar.count]).filter(([, count]) => count)).toEqual([["late", 1], ["today", 1], ["day", 2], ["later", 1], ["none", 1]]);
    expect(bars.find((bar) => bar.count === 2)?.day).toBe("2026-12-01");
  });
});

describe("rowsThatFit", () => {
  it("counts whole rows only, and never none", () => {
    expect(rowsThatFit(100, 33)).toBe(3);
    expect(rowsThatFit(98, 33)).toBe(2);
    expect(rowsThatFit(10, 33)).toBe(1);
    expect(rowsThatFit(100, 0)).toBe(1);
  });
});
