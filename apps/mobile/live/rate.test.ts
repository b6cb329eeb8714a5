import { describe, expect, it } from "vitest";
import { FIRST_RATE, RateKeeper, RATES } from "./rate";

/** Looks twice a second at a link this far behind, for so many seconds from `from`. */
function look(rate: RateKeeper, behindMs: number, seconds: number, from = 0): number {
  for (let step = 0; step < seconds * 2; step += 1) rate.look(behindMs, from + step * 500);
  return from + seconds * 1000;
}

describe("RateKeeper", () => {
  it("stays as it is on a link that bears it, and tries more after a while", () => {
    const rate = new RateKeeper();
    look(rate, 100, 7);
    expect(rate.bitrate).toBe(RATES[FIRST_RATE]);
    look(rate, 100, 120, 7000);
    expect(rate.bitrate).toBe(RATES.at(-1));
  });
  it("sends less step by step, then stills", () => {
    const rate = new RateKeeper();
    const seen = new Set<number>();
    for (let now = 10_000; rate.mode === "film" && now < 60_000; now += 500) {
      rate.look(2000, now);
      seen.add(rate.bitrate);
    }
    expect([...seen]).toEqual([RATES[1], RATES[0]]);
    expect(rate.mode).toBe("stills");
  });
  it("sends stills at once when the link has all but gone", () => {
    const rate = new RateKeeper();
    rate.look(5000, 0);
    expect(rate.mode).toBe("stills");
  });
  it("tries the thinnest film again when stills pass quickly, and is slower to believe the next time", () => {
    const rate = new RateKeeper();
    rate.look(5000, 0);
    rate.stillArrived(30_000, 4000, 1000);
    for (let n = 0; n < 3; n += 1) rate.stillArrived(30_000, 400, 2000 + n);
    expect([rate.mode, rate.bitrate]).toEqual(["film", RATES[0]]);
    rate.look(5000, 3000);
    for (let n = 0; n < 5; n += 1) rate.stillArrived(30_000, 400, 4000 + n);
    expect(rate.mode).toBe("stills");
    rate.stillArrived(30_000, 400, 5000);
    expect(rate.mode).toBe("film");
  });
  it("does not believe a still that crept through", () => {
    const rate = new RateKeeper();
    rate.look(5000, 0);
    for (let n = 0; n < 20; n += 1) rate.stillArrived(30_000, 900, n);
    expect(rate.mode).toBe("stills");
  });
});
