import { expect, it } from "vitest";
import { cellText, columnLabel, columnsOf, pageOf } from "./columns";

it("shows a row in the reader's words and links it to its record", () => {
  const visit = { id: "i1", number: "JC-1", kind: "routine", mode: "joint", officer_count: 2 };
  expect(columnsOf(visit)).toEqual(["number", "kind", "mode", "officer_count"]);
  expect(columnsOf(undefined)).toEqual([]);
  expect(columnLabel("officer_count")).toBe("出动人数");
  expect(cellText("mode", "joint")).toBe("联合");
  expect(cellText("kind", "示例类别")).toBe("示例类别");
  expect(cellText("is_covered", false)).toBe("✕ 否");
  expect(cellText("officer_count", 0)).toBe("0");
  expect(cellText("number", null)).toBe("—");
  expect([pageOf(visit), pageOf({ problem_id: "p1" }), pageOf({ source_id: "s1", kind: "x" }), pageOf({ officer_id: "o1" })]).toEqual([
    "/inspections/i1", "/problems/p1", "/sources/s1", null,
  ]);
});
