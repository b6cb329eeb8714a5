import type { FlightCounts, FlightOrder } from "@shared/client/types";
import { w } from "@shared/terms";

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

/** Whether files of a flight that its dock expects are no evidence yet. */
export const isMissing = (counts: FlightCounts): boolean => counts.filed < (counts.expected ?? 0);

/** How many files of a flight are evidence, beside what the dock expects and says it has sent. */
export function mediaWords(counts: FlightCounts): string {
  const filed = w(`影像已归档 ${counts.filed} 件`, `${counts.filed} files filed`);
  if (counts.expected === null) return filed;
  if (!isMissing(counts)) return w(`${filed}，机场应传 ${counts.expected} 件，已齐`, `${filed} of ${counts.expected}: complete`);
  return w(`${filed}，机场应传 ${counts.expected} 件，自报已传 ${counts.uploaded ?? 0} 件`, `${filed} of ${counts.expected}; the dock says it sent ${counts.uploaded ?? 0}`);
}
