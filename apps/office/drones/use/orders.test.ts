import { expect, it } from "vitest";
import type { FlightOrder } from "@shared/client/types";
import { isOpen, newestOfEach, notFlown } from "./orders";

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
