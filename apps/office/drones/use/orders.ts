import type { FlightOrder } from "@shared/client/types";

const OPEN = ["ordered", "sent", "ready", "flying"];
export const isOpen = (order: FlightOrder): boolean => OPEN.includes(order.state);

/** A device in the air tells every few seconds how far it is. */
const SILENT_MS = 60_000;

/** Since when nothing was heard of a flight in the air, if that is too long: nobody knows then where its aircraft is. */
export function silentSince(order: FlightOrder, now: number): string | null {
  if (order.state !== "flying") return null;
  const heard = order.progressed_at ?? order.took_off_at;
  return heard !== null && now - Date.parse(heard) > SILENT_MS ? heard : null;
}

/** The newest order of each flight, in the order of the flights. `orders` are newest first. */
export function newestOfEach(orders: readonly FlightOrder[]): FlightOrder[] {
  const found = new Map<number, FlightOrder>();
  for (const order of orders) if (!found.has(order.flight_number)) found.set(order.flight_number, order);
  return [...found.values()].sort((one, other) => one.flight_number - other.flight_number);
}

/** The flights, counted from 1, that no order has flown yet. */
export function notFlown(flights: number, orders: readonly FlightOrder[]): number[] {
  const flown = new Set(orders.filter((order) => order.state === "flown").map((order) => order.flight_number));
  return Array.from({ length: flights }, (_, index) => index + 1).filter((number) => !flown.has(number));
}
