import { expect, it } from "vitest";
import { figureText, percentText, signedText, thisHalfYear } from "./numbers";

it("says how much, how much more, and when nothing is known", () => {
  expect(figureText(71437)).toBe("71,437");
  expect(figureText(0)).toBe("0");
  expect(figureText(null)).toBe("无数据");
  expect(figureText(1.04, 2)).toBe("1.04");
  expect(signedText(27206)).toBe("+27,206");
  expect(signedText(-0.4, 2)).toBe("−0.40");
  expect(signedText(null)).toBe("—");
  expect(percentText(61.51, true)).toBe("+61.51%");
  expect(percentText(62.5, true)).toBe("+62.5%");
  expect(percentText(-3, true)).toBe("−3%");
  expect(percentText(null)).toBe("—");
});

it("proposes the half-year up to today", () => {
  expect(thisHalfYear("2021-07-01")).toEqual(["2021-07-01", "2021-07-01"]);
  expect(thisHalfYear("2021-06-30")).toEqual(["2021-01-01", "2021-06-30"]);
});
