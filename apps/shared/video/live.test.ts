import { describe, expect, it } from "vitest";
import { NEAR_S, RelayClock, stepToLive, waitMs } from "./live";

describe("stepToLive", () => {
  it("stays where the newest picture is", () => expect(stepToLive(9.85, 0, 10)).toEqual({ rate: 1 }));
  it("hurries a little after a short delay", () => expect(stepToLive(9.7, 0, 10)).toEqual({ rate: 1.15 }));
  it("hurries much where a new viewer begins behind", () => expect(stepToLive(9.4, 0, 10)).toEqual({ rate: 1.5 }));
  it("jumps over a long delay", () => expect(stepToLive(2, 0, 10)).toEqual({ seek: 10 - NEAR_S }));
  it("jumps over the hole that a sender left who was away", () => expect(stepToLive(9.9, 60, 60.04)).toEqual({ seek: 60 }));
  it("comes back when it ran past the end", () => expect(stepToLive(11, 0, 10)).toEqual({ seek: 10 - NEAR_S }));
});

describe("RelayClock", () => {
  it("says nothing before it knows both clocks", () => {
    const clock = new RelayClock();
    expect(clock.ageMs(1, 0)).toBeNull();
    clock.isZeroAt(1000);
    expect(clock.ageMs(1, 0)).toBeNull();
  });
  it("knows the age of a picture although this machine's clock is an hour wrong", () => {
    const clock = new RelayClock();
    clock.answered(3_600_000, 3_600_020, 10_010);
    clock.isZeroAt(5_000);
    expect(clock.ageMs(4.8, 3_600_000 + 100)).toBeCloseTo(10_100 - 9_800);
  });
  it("dates a picture by the relay's clock, whatever this machine's says", () => {
    const clock = new RelayClock();
    expect(clock.momentMs(4.8)).toBeNull();
    clock.isZeroAt(1_700_000_000_000);
    expect(clock.momentMs(4.8)).toBe(1_700_000_004_800);
  });
  it("believes the quickest answer", () => {
    const clock = new RelayClock();
    clock.answered(0, 20, 10);
    clock.answered(1000, 1900, 1890);
    clock.isZeroAt(0);
    expect(clock.ageMs(1.9, 2000)).toBe(100);
  });
});

it("waits a little longer each time, and never long", () => {
  expect([0, 1, 2, 9].map(waitMs)).toEqual([200, 400, 800, 800]);
});
