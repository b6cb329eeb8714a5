import { expect, it } from "vitest";
import { reasonWords, reportCsv } from "./reportFile";

it("writes every repaired and rejected row, quoted and with formulas disarmed", () => {
  const csv = reportCsv({
    notes: [], mapping: {}, rows: 3, created: 1, updated: 0, unchanged: 0,
    rejected: [{ row: 4, field: "uscc", value: "=CMD()", reason: '校验位不符,"91"' }],
    repaired: [{ row: 2, field: "name", from: "示例\n厂", to: null }],
  });
  expect(csv.startsWith("\ufeff")).toBe(true);
  expect(csv.slice(1).split("\r\n").slice(1)).toEqual([
    '4,拒收,uscc,\'=CMD(),,"校验位不符,""91"""',
    '2,已修正,name,"示例\n厂",,',
    "",
  ]);
});

it("shows the words of a reason and leaves out its code", () => {
  expect(reasonWords("access.other_area：不在您的管辖范围内")).toBe("不在您的管辖范围内");
  expect(reasonWords("名称为空")).toBe("名称为空");
});
