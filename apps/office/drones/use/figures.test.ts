import { expect, it } from "vitest";
import { areaText, lengthText, minutesText, percentText } from "./figures";

it("says lengths, times and areas in the unit that people read", () => {
  expect([lengthText(640.4), lengthText(12_345)]).toEqual(["640 米", "12.3 公里"]);
  expect([minutesText(0.2), minutesText(59), minutesText(59.2), minutesText(125)]).toEqual(["1 分钟", "59 分钟", "1 小时 0 分", "2 小时 5 分"]);
  expect([areaText(300), areaText(25_000), percentText(99.9)]).toEqual(["300 平方米", "2.5 公顷", "99.9%"]);
});
