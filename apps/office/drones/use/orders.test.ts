import { expect, it } from "vitest";
import type { FlightCounts, FlightOrder } from "@shared/client/types";
import { isMissing, isOpen, mediaWords, newestOfEach, notFlown, silentSince } from "./orders";

const order = (flight_number: number, state: string, id: string) => ({ id, flight_number, state }) as FlightOrder;
const NEWEST_FIRST = [order(2, "flying", "c"), order(1, "flown", "b"), order(2, "refused", "a")];

it("each flight shows its newest order, first flight first", () => {
  expect(newestOfEach(NEWEST_FIRST).map((one) => one.id)).toEqual(["b", "c"]);
  expect(newestOfEach(NEWEST_FIRST).filter(isOpen).map((one) => one.id)).toEqual(["c"]);
});

it("a flight that was refused is still to be flown", () => {
  expect(notFlown(3, NEWEST_FIRST)).toEqual([2, 3]);
  expect(notFlown(1, [order(1, "flown", "a"), order(1, "failed", "b")])).toEqual([]);
});

it("a flight of which nothing is heard says since when", () => {
  const at = "2026-11-24T02:00:00Z";
  const flying = { ...order(1, "flying", "a"), progressed_at: at, took_off_at: "2026-11-24T01:50:00Z" } as FlightOrder;
  const now = Date.parse(at);
  expect(silentSince(flying, now + 30_000)).toBeNull();
  expect(silentSince(flying, now + 61_000)).toBe(at);
  expect(silentSince({ ...flying, progressed_at: null }, now)).toBe("2026-11-24T01:50:00Z");
  expect(silentSince({ ...flying, state: "flown" }, now + 600_000)).toBeNull();
});

it("files that a dock expects and that are no evidence yet are missing, and it is said how many", () => {
  const flown = (expected: number | null, uploaded: number | null, filed: number): FlightCounts => ({ order_id: "a", expected, uploaded, filed });
  expect(isMissing(flown(null, null, 0))).toBe(false);
  expect(isMissing(flown(14, 12, 12))).toBe(true);
  expect(mediaWords(flown(14, 12, 12))).toBe("影像已归档 12 件，机场应传 14 件，自报已传 12 件");
  expect(mediaWords(flown(14, 14, 14))).toBe("影像已归档 14 件，机场应传 14 件，已齐");
  expect(mediaWords(flown(null, null, 1))).toBe("影像已归档 1 件");
});
