/** Who is near enough and free enough to be sent. */
import type { Candidate, Nearest } from "@shared/client/types";
import { w } from "@shared/terms";

export interface Wish { withinKm: number | null; onlyIdle: boolean }

/** The radii of the rulebook, which holds one or several. */
export const radiiOf = (nearest: Nearest | null): number[] => (nearest ? [nearest.radii.value].flat() : []);

export const isIdle = (one: Candidate): boolean => one.tasks.length === 0;
const isWithin = (one: Candidate, km: number | null): boolean => km === null || (one.distance_m !== null && one.distance_m <= km * 1000);

export const fitting = (all: readonly Candidate[], { withinKm, onlyIdle }: Wish): Candidate[] =>
  all.filter((one) => isWithin(one, withinKm) && (!onlyIdle || isIdle(one)));

export function distanceText(metres: number | null): string {
  if (metres === null) return w("位置未知", "place unknown");
  return metres < 1000 ? w(`${metres} 米`, `${metres} m`) : w(`${(metres / 1000).toFixed(1)} 公里`, `${(metres / 1000).toFixed(1)} km`);
}
