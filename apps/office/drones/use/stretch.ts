import type { Position } from "geojson";
import { METRES_A_DEGREE } from "@shared/map/ground";


/** A line with how far along it each corner lies, in metres on the mean sphere. */
export interface Measured { line: Position[]; along: number[]; length: number }

function metres([lon, lat]: Position, [toLon, toLat]: Position): number {
  const east = (toLon! - lon!) * Math.cos(((lat! + toLat!) / 2) * (Math.PI / 180));
  return Math.hypot(east, toLat! - lat!) * METRES_A_DEGREE;
}

export function measured(line: Position[]): Measured {
  const along = [0];
  for (let index = 1; index < line.length; index += 1) along.push(along[index - 1]! + metres(line[index - 1]!, line[index]!));
  return { line, along, length: along.at(-1)! };
}

function between(one: Position, other: Position, share: number): Position {
  return [one[0]! + (other[0]! - one[0]!) * share, one[1]! + (other[1]! - one[1]!) * share];
}

/** The place so many metres along the line; its ends where there is no more line. */
export function placeAt({ line, along, length }: Measured, at: number): Position {
  const wanted = Math.min(Math.max(at, 0), length);
  const next = Math.max(1, along.findIndex((passed) => passed >= wanted));
  const leg = along[next]! - along[next - 1]!;
  return leg === 0 ? line[next]! : between(line[next - 1]!, line[next]!, (wanted - along[next - 1]!) / leg);
}

/** The stretch of the line between two distances along it. */
export function cut(whole: Measured, from: number, to: number): Position[] {
  const inside = whole.line.filter((_, index) => whole.along[index]! > from && whole.along[index]! < to);
  return [placeAt(whole, from), ...inside, placeAt(whole, to)];
}

/** How far along the line its nearest place to `place` lies, in metres. */
export function nearestAlong({ line, along }: Measured, place: Position): number {
  let [best, nearest] = [0, Infinity];
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1]!, line[index]!];
    const narrow = Math.cos(place[1]! * (Math.PI / 180));
    const [east, north] = [(to[0]! - from[0]!) * narrow, to[1]! - from[1]!];
    const [aside, up] = [(place[0]! - from[0]!) * narrow, place[1]! - from[1]!];
    const square = east * east + north * north;
    const share = square === 0 ? 0 : Math.min(1, Math.max(0, (aside * east + up * north) / square));
    const away = metres(place, between(from, to, share));
    if (away < nearest) [nearest, best] = [away, along[index - 1]! + (along[index]! - along[index - 1]!) * share];
  }
  return best;
}
