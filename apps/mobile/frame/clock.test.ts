// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { driftText, isWrong } from "./clock";

describe("the phone's clock", () => {
  it.each([
    [0, "与服务器一致"], [499, "与服务器一致"], [-1500, "比服务器慢 1.5 秒"], [119_000, "比服务器快 2 分"],
    [3 * 3_600_000 + 5 * 60_000, "比服务器快 3 小时 5 分"], [-49 * 3_600_000, "比服务器慢 2 天 1 小时"],
  ])("%d ms is said as %s", (drift, words) => expect(driftText(drift)).toBe(words));

  it("is wrong from two minutes on, either way, and not before the server was heard", () => {
    expect([null, 0, 119_999, 120_000, -120_000].map(isWrong)).toEqual([false, false, false, true, true]);
  });
});
