/** The command picture as a value: a snapshot at a sequence number, and how a fact changes it. */

import type { Place } from "./frames";

/** How far an order has come with one officer: on the phone, opened, signed for. */
export interface Answered { received_at: string | null; read_at: string | null; accepted_at: string | null }
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
  /** In the order of `officer_ids`. */
  answers: Answered[];
  assigned_at: string | null;
  answer_by_at: string | null;
  chased_at: string | null;
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

/** What a fact did to the items it touched: the fields that changed, or null for an item that left. */
export type After = { [R in Room]?: Record<string, Partial<Items[R][string]> | null> };

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

export interface Snapshot extends Items {
  seq: number;
  as_of: string;
  ticker: Fact[];
}

type Fields = Record<string, unknown>;

/** What facts have done to one item since the snapshot. `held` waits for the fact that makes it a whole item. */
interface Touched {
  readonly fieldSeq: Readonly<Record<string, number>>;
  readonly goneSeq: number;
  readonly held: Fields;
}

/** A snapshot and the facts laid over it, with which fact wrote what, so that an older one never overwrites it. */
export interface Picture extends Snapshot {
  readonly snapshotSeq: number;
  readonly touched: Readonly<Record<string, Touched>>;
}

const TICKER_LENGTH = 30;

/** Milliseconds since 1970; never known is before everything. */
const instant = (at: string | null | undefined): number => (at ? Date.parse(at) : -Infinity);

/** News for a screen is what changed the picture; each answer and photo of a visit is for its record. */
const isNews = (fact: Fact): boolean => Object.keys(fact.after).length > 0;

export function pictureFrom(snapshot: Snapshot): Picture {
  return { ...snapshot, ticker: snapshot.ticker.filter(isNews), snapshotSeq: snapshot.seq, touched: {} };
}

/**
 * The picture with the fact in it. A fact seen before, or older than the snapshot, changes nothing; facts may come in any
 * order and with gaps (numbers are shared with facts this viewer may not see) and lead to the same picture.
 */
export function applyFact(picture: Picture, fact: Fact): Picture {
  if (fact.seq <= picture.snapshotSeq || picture.ticker.some((known) => known.seq === fact.seq)) return picture;
  const touched: Record<string, Touched> = { ...picture.touched };
  const next: Picture = {
    ...picture,
    seq: Math.max(picture.seq, fact.seq),
    as_of: instant(fact.at) > instant(picture.as_of) ? fact.at : picture.as_of,
    ticker: (isNews(fact) ? [...picture.ticker, fact] : picture.ticker).toSorted((a, b) => b.seq - a.seq).slice(0, TICKER_LENGTH),
    touched,
  };
  for (const room of ROOMS) {
    const changes = fact.after[room] as Record<string, Fields | null> | undefined;
    if (changes) (next as unknown as Record<Room, Record<string, Fields>>)[room] = mergeRoom(picture, touched, room, changes, fact.seq);
  }
  return next;
}

function mergeRoom(picture: Picture, touched: Record<string, Touched>, room: Room, changes: Record<string, Fields | null>, seq: number): Record<string, Fields> {
  const items = { ...picture[room] } as unknown as Record<string, Fields>;
  for (const [id, change] of Object.entries(changes)) {
    const key = `${room}/${id}`;
    const before = touched[key] ?? { fieldSeq: {}, goneSeq: -Infinity, held: {} };
    const known = items[id] ?? before.held;
    const after = change === null ? without(known, before, seq) : withFields(known, before, withoutOldFix(known, change), seq, picture.snapshotSeq);
    if ("id" in after.held) items[id] = after.held;
    else delete items[id];
    touched[key] = after;
  }
  return items;
}

/** The item has left; only what newer facts wrote stays, in case it has come back since. */
function without(known: Fields, { fieldSeq, goneSeq }: Touched, seq: number): Touched {
  const kept = Object.entries(known).filter(([field]) => (fieldSeq[field] ?? -Infinity) > seq);
  return { fieldSeq, goneSeq: Math.max(goneSeq, seq), held: Object.fromEntries(kept) };
}

function withFields(known: Fields, { fieldSeq, goneSeq }: Touched, change: Fields, seq: number, snapshotSeq: number): Touched {
  const newer = Object.entries(change).filter(([field]) => seq > goneSeq && seq > (fieldSeq[field] ?? snapshotSeq));
  const stamps = Object.fromEntries(newer.map(([field]) => [field, seq]));
  return { fieldSeq: { ...fieldSeq, ...stamps }, goneSeq, held: { ...known, ...Object.fromEntries(newer) } };
}

/** A fact about an officer may carry an older fix than telemetry has brought since. */
function withoutOldFix(known: Fields, change: Fields): Fields {
  if (!("position_at" in change) || instant(change.position_at as string | null) >= instant(known.position_at as string | null)) return change;
  const { lon: _lon, lat: _lat, position_at: _at, ...rest } = change;
  return rest;
}

/** The picture with every officer at the newest place known; unknown officers and older places change nothing. */
export function applyPlaces(picture: Picture, places: Place[]): Picture {
  const moved = places.flatMap(({ id, at, lon, lat }) => {
    const officer = picture.officers[id];
    return officer && instant(officer.position_at) < at ? [[id, { ...officer, lon, lat, position_at: new Date(at).toISOString() }] as const] : [];
  });
  return moved.length === 0 ? picture : { ...picture, officers: { ...picture.officers, ...Object.fromEntries(moved) } };
}
