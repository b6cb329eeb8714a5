/** The command picture as a value: a snapshot at a sequence number, and how a fact changes it. */

export interface TaskItem {
  id: string;
  number: string;
  title: string;
  state: string;
  kind: string;
  mode: string;
  area_code: string;
  source_name: string | null;
  lon: number | null;
  lat: number | null;
  due_on: string | null;
  officer_ids: string[];
}
export interface ProblemItem {
  id: string;
  number: string;
  state: string;
  element: string;
  severity: string;
  area_code: string;
  source_id: string | null;
  source_name: string | null;
  lon: number | null;
  lat: number | null;
  rectify_by_on: string | null;
  found_at: string;
  closed_at: string | null;
}
export interface OfficerItem {
  id: string;
  name: string;
  agency_name: string;
  area_code: string;
  is_on_duty: boolean;
  task_id: string | null;
  lon: number | null;
  lat: number | null;
  position_at: string | null;
}
export interface ClueItem {
  id: string;
  number: string;
  state: string;
  kind: string;
  element: string;
  area_code: string;
  lon: number | null;
  lat: number | null;
  received_at: string;
}
export interface Items {
  tasks: Record<string, TaskItem>;
  problems: Record<string, ProblemItem>;
  officers: Record<string, OfficerItem>;
  clues: Record<string, ClueItem>;
}
export type Room = keyof Items;
export const ROOMS: readonly Room[] = ["tasks", "problems", "officers", "clues"];

export type After = { [R in Room]?: Record<string, Items[R][string] | null> };

export interface Fact {
  seq: number;
  name: string;
  at: string;
  author_name: string | null;
  agency_name: string | null;
  area_code: string | null;
  subject: { room: string; id: string; number?: string | null; title?: string | null };
  after: After;
  words: string;
}

export interface Position {
  officer_id: string;
  lon: number;
  lat: number;
  accuracy_m?: number | null;
  at: string;
}

export interface Snapshot extends Items {
  seq: number;
  as_of: string;
  ticker: Fact[];
}

/** A snapshot and the facts laid over it. `itemSeq` holds which fact last wrote an item, so that an older one never overwrites it. */
export interface Picture extends Snapshot {
  readonly snapshotSeq: number;
  readonly itemSeq: Readonly<Record<string, number>>;
}

const TICKER_LENGTH = 30;

/** Milliseconds since 1970; never known is before everything. */
const instant = (at: string | null): number => (at === null ? -Infinity : Date.parse(at));

export function pictureFrom(snapshot: Snapshot): Picture {
  return { ...snapshot, snapshotSeq: snapshot.seq, itemSeq: {} };
}

/**
 * The picture with the fact in it. A fact seen before, or older than the snapshot, changes nothing; facts may come in any
 * order and with gaps (numbers are shared with facts this viewer may not see) and lead to the same picture.
 */
export function applyFact(picture: Picture, fact: Fact): Picture {
  if (fact.seq <= picture.snapshotSeq || picture.ticker.some((known) => known.seq === fact.seq)) return picture;
  const itemSeq: Record<string, number> = { ...picture.itemSeq };
  const next: Picture = {
    ...picture,
    seq: Math.max(picture.seq, fact.seq),
    as_of: instant(fact.at) > instant(picture.as_of) ? fact.at : picture.as_of,
    ticker: [...picture.ticker, fact].sort((a, b) => b.seq - a.seq).slice(0, TICKER_LENGTH),
    itemSeq,
  };
  for (const room of ROOMS) mergeRoom(next, itemSeq, room, fact);
  return next;
}

function mergeRoom<R extends Room>(picture: Picture, itemSeq: Record<string, number>, room: R, fact: Fact): void {
  const changes = fact.after[room];
  if (!changes) return;
  const items = { ...picture[room] } as Record<string, Items[R][string]>;
  for (const [id, item] of Object.entries(changes) as [string, Items[R][string] | null][]) {
    const key = `${room}/${id}`;
    if (fact.seq <= (itemSeq[key] ?? picture.snapshotSeq)) continue;
    itemSeq[key] = fact.seq;
    if (item === null) delete items[id];
    else items[id] = keepNewerPosition(items[id], item);
  }
  (picture as Items)[room] = items as Items[R];
}

/** A fact about an officer may carry an older fix than the telemetry has brought since. */
function keepNewerPosition<T extends object>(known: T | undefined, item: T): T {
  if (!known || !("position_at" in known) || !("position_at" in item)) return item;
  const before = known as unknown as OfficerItem;
  const after = item as unknown as OfficerItem;
  if (before.position_at === null || instant(after.position_at) >= instant(before.position_at)) return item;
  return { ...item, lon: before.lon, lat: before.lat, position_at: before.position_at };
}

/** The picture with the officer at the newest fix known; an unknown officer or an older fix changes nothing. */
export function applyPosition(picture: Picture, position: Position): Picture {
  const officer = picture.officers[position.officer_id];
  if (!officer || instant(officer.position_at) >= instant(position.at)) return picture;
  const moved = { ...officer, lon: position.lon, lat: position.lat, position_at: position.at };
  return { ...picture, officers: { ...picture.officers, [officer.id]: moved } };
}
