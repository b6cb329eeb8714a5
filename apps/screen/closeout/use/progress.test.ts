import { describe, expect, it } from "vitest";
import { progressOf } from "./progress";

const row = (area_code: string, state: string, is_overdue = false) => ({ area_code, state, is_overdue });

describe("progressOf", () => {
  it("counts together and per district, streets with their district", () => {
    const rows = [row("370104", "found", true), row("370104001", "closed"), row("370103", "settled"), row("370103", "relapsed")];
    expect(progressOf(rows)).toEqual([
      { areaCode: null, all: 4, struck: 2, overdue: 1 },
      { areaCode: "370103", all: 2, struck: 1, overdue: 0 },
      { areaCode: "370104", all: 2, struck: 1, overdue: 1 },
    ]);
    expect(progressOf([])).toEqual([{ areaCode: null, all: 0, struck: 0, overdue: 0 }]);
  });
});
