import { describe, expect, it } from "vitest";
import { filmMs } from "./whepWay";

describe("filmMs", () => {
  it("is the time itself in the first hours", () => {
    expect(filmMs(90 * 1234, 1500)).toBeCloseTo(1234);
  });
  it("goes on where the stamp comes round", () => {
    const true_ms = 2 ** 32 / 90 + 5000;
    expect(filmMs((true_ms * 90) % 2 ** 32, true_ms + 40)).toBeCloseTo(true_ms, 0);
    expect(filmMs(2 ** 32 - 90 * 10, 2 ** 32 / 90 + 30)).toBeCloseTo(2 ** 32 / 90 - 10, 0);
  });
});
