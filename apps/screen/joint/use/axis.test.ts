import { describe, expect, it } from "vitest";
import type { Team } from "@shared/client/types";
import { axisOf, leftOf, pressing, stepsOf } from "./axis";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const team = (more: Partial<Team>): Team => ({ id: "a", state: "assigned", assigned_at: null, accepted_at: null, arrived_at: null, reported_at: null, found_at: [], closed_at: [], ...more }) as Team;

describe("the axis of a joint operation", () => {
  it("begins with the first step and ends now", () => {
    const axis = axisOf([team({ assigned_at: "2026-11-24T09:20:00Z", found_at: ["2026-11-24T10:30:00Z"] })], NOW);
    expect(new Date(axis.since).toISOString()).toBe("2026-11-24T09:00:00.000Z"); // a mark every half hour
    expect(axis.until).toBe(NOW);
    expect(axis.hours[0]).toBe(axis.since);
    expect(leftOf(Date.parse("2026-11-24T10:30:00Z"), axis)).toBe(50);
  });
  it("puts what was days ago at its beginning", () => {
    const axis = axisOf([team({ assigned_at: "2026-11-20T09:20:00Z" })], NOW);
    expect(axis.until - axis.since).toBe(600_000);
    expect(leftOf(Date.parse("2026-11-20T09:20:00Z"), axis)).toBe(0);
  });
  it("is there without any team", () => expect(axisOf([], NOW).lanes).toEqual([]));
  it("leaves out steps that were not made", () => expect(stepsOf(team({ assigned_at: "2026-11-24T09:20:00Z", reported_at: "2026-11-24T11:00:00Z" })).map((step) => step.kind)).toEqual(["assigned", "reported"]));
  it("shows those on site first", () => {
    const sorted = pressing([team({ id: "1", state: "reported" }), team({ id: "2", state: "on_site" }), team({ id: "3", state: "accepted" })]);
    expect(sorted.map((one) => one.id)).toEqual(["2", "3", "1"]);
  });
});
