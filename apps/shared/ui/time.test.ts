import { expect, it } from "vitest";
import { addDays, ageText, beijingDay, clockTime, dateTime, daysBetween, deadlineText } from "./time";

it("keeps Beijing days and clocks, wherever the reader sits", () => {
  expect([beijingDay("2026-03-09T15:59:59Z"), beijingDay("2026-03-09T16:00:00Z")]).toEqual(["2026-03-09", "2026-03-10"]);
  expect(dateTime("2026-03-09T16:05:00Z")).toBe("2026-03-10 00:05");
  expect(clockTime("2026-03-09T16:05:07Z")).toBe("00:05:07");
  expect([dateTime(null), clockTime(undefined)]).toEqual(["—", "—"]);
  expect([daysBetween("2026-02-27", "2026-03-01"), addDays("2026-12-31", 1)]).toEqual([2, "2027-01-01"]);
});

it("says how old something is, and that nothing is known", () => {
  const now = Date.parse("2026-03-10T00:00:00Z");
  const ago = (seconds: number): string => ageText(now - seconds * 1000, now);
  expect([ago(-5), ago(59), ago(60), ago(3599), ago(3600), ago(86_400)]).toEqual(["刚刚", "刚刚", "1 分钟前", "59 分钟前", "1 小时前", "1 天前"]);
  expect(ageText(null, now)).toBe("无数据");
});

it("says how a deadline stands to today", () => {
  expect(["2026-03-12", "2026-03-10", "2026-03-07"].map((day) => deadlineText(day, "2026-03-10"))).toEqual(["剩 2 天", "今日到期", "超期 3 天"]);
  expect(deadlineText(null, "2026-03-10")).toBe("未定期限");
});
