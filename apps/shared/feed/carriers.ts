/** Where vehicles, boats and aircraft are: what the frames tell of everything that is no officer. */
import type { Frame, Place } from "./frames";

export type Carriers = Readonly<Record<string, Place>>;

/** The places known after a frame. What a whole frame leaves out is not known any more; an older place changes nothing. */
export function applyCarriers(known: Carriers, { isWhole, places }: Frame): Carriers {
  const told = places.filter((place) => place.kind !== "officer");
  if (!isWhole && told.length === 0) return known;
  const next: Record<string, Place> = isWhole ? {} : { ...known };
  for (const place of told) {
    const before = known[place.id];
    next[place.id] = before && before.at > place.at ? before : place;
  }
  return next;
}
