/**
 * What a person can do about a deed that was refused: send it again as it is, put a corrected one in its place, or give
 * it up. Nothing is removed: the old one stays on the phone and says what took its place. Deeds that needed it cannot
 * have been done by the server; they are made anew around the gap, because a sealed deed is never changed.
 */
import type { Store } from "./db";
import { tryFileAgain } from "./files";
import { device, sealed, type NewDeed } from "./keep";
import { isFileLeft } from "./left";
import { exclusively, SENDING, WRITING, type Exclusively } from "./lock";
import { isLive, isStuck, type DeedRow, type JsonRecord, type Place } from "./shapes";

/** It is not refused, or its answer is still under way: there is nothing to mend yet. */
export class NotStuck extends Error {}

const alone = <T>(lock: Exclusively, work: () => Promise<T>): Promise<T> => lock(SENDING, () => lock(WRITING, work));

/** The refused deed will be sent again as it is: what stood against it may be gone. */
export async function tryAgain(store: Store, id: string, lock: Exclusively = exclusively): Promise<void> {
  await alone(lock, async () => {
    const row = await stuck(store, id);
    await store.deeds.update(row.seq!, { state: "kept" });
    if (row.sha256 !== "") await tryFileAgain(store, row.sha256);
  });
}

/** A deed with the corrected payload is kept in place of the refused one. It happened when the first one did. */
export async function replaceDeed(
  store: Store, id: string, payload: JsonRecord, sha256?: string, lock: Exclusively = exclusively,
): Promise<DeedRow> {
  return alone(lock, async () => {
    const row = await stuck(store, id);
    const by = await device(store);
    const fresh = await sealed({ ...saidBy(row), payload, sha256: sha256 ?? row.sha256 }, row.deed.needs, by);
    await swap(store, row, fresh);
    return fresh;
  });
}

/** The refused deed will not be sent. Given up an arrival, the whole visit is; of a problem, its photos stay without it. */
export async function setAside(store: Store, id: string, lock: Exclusively = exclusively): Promise<void> {
  await alone(lock, async () => swap(store, await stuck(store, id), null));
}

/**
 * Another phone of the team had begun the visit: this phone's arrival is given up, and everything recorded after it is
 * sent as part of the visit that stands.
 */
export async function joinVisit(store: Store, arrival: string, inspection_id: string, lock: Exclusively = exclusively): Promise<void> {
  await alone(lock, async () => swap(store, await stuck(store, arrival), null, inspection_id));
}

async function stuck(store: Store, id: string): Promise<DeedRow> {
  const row = await store.deeds.where("id").equals(id).first();
  if (row === undefined || !isStuck(row) || row.is_in_doubt) throw new NotStuck(id);
  return row;
}

interface Change { row: DeedRow; fresh: DeedRow | null }

/** Hashing comes first, then everything is written at once. */
async function swap(store: Store, row: DeedRow, fresh: DeedRow | null, joined?: string): Promise<void> {
  const changes: Change[] = [{ row, fresh }, ...(await dependents(store, row, fresh, joined))];
  // A conflict means that the server has some deed by this id, so one that needs it may have been done unheard.
  if (row.state === "conflict" && changes.some((change) => change.row.is_in_doubt)) throw new NotStuck(row.id);
  await store.transaction("rw", store.deeds, store.files, async () => {
    for (const { row: old, fresh: made } of changes) {
      if (made) await store.deeds.add({ ...made, is_file_left: await isFileLeft(store, made.sha256) });
      const state = made ? ("mended" as const) : ("set_aside" as const);
      await store.deeds.update(old.seq!, { state, replaced_by: made?.id ?? null });
    }
  });
}

async function dependents(store: Store, first: DeedRow, fresh: DeedRow | null, joined?: string): Promise<Change[]> {
  const later = await store.deeds.where("task_id").equals(first.task_id).sortBy("seq");
  const by = await device(store);
  const swapped = new Map<string, DeedRow | null>([[first.id, fresh]]);
  const changes: Change[] = [];
  for (const row of later.filter((row) => isLive(row) && row.state !== "accepted" && row.id !== first.id)) {
    if (!row.deed.needs.some((id) => swapped.has(id))) continue;
    const isLost = joined === undefined && [...swapped].some(([id, made]) => made === null && row.deed.needs.includes(id) && carries(later, id, row));
    const made = isLost ? null : await sealed(within(anew(row, swapped, later), joined), mapped(row.deed.needs, swapped), by);
    swapped.set(row.id, made);
    changes.push({ row, fresh: made });
  }
  return changes;
}

/** Nothing is left of a deed without this one: all of a visit hangs from its arrival, a rectification from its problem and all its proof. */
function carries(rows: DeedRow[], id: string, row: DeedRow): boolean {
  const kind = rows.find((other) => other.id === id)?.kind;
  const isOnlyProof = Array.isArray(row.deed.payload.evidence_ids) && row.deed.payload.evidence_ids.length === 1;
  return kind === "arrive_on_site" || (row.kind === "rectify_on_spot" && (kind === "find_problem" || isOnlyProof));
}

function mapped(needs: string[], swapped: Map<string, DeedRow | null>): string[] {
  return needs.flatMap((id) => {
    const made = swapped.get(id);
    if (made === undefined) return [id];
    return made === null ? [] : [made.id];
  });
}

/** The same deed again; a photo of a problem that was given up is a photo of the visit. */
function anew(row: DeedRow, swapped: Map<string, DeedRow | null>, rows: DeedRow[]): NewDeed {
  const gone = rows.find((other) => other.kind === "find_problem" && swapped.get(other.id) === null);
  if (row.kind === "rectify_on_spot") return { ...saidBy(row), payload: { ...row.deed.payload, evidence_ids: mapped(textsOf(row.deed.payload.evidence_ids), swapped) } };
  if ((row.kind !== "add_photo" && row.kind !== "add_recording") || gone?.deed.payload.problem_id !== row.deed.payload.problem_id) return saidBy(row);
  const { problem_id: _gone, ...payload } = row.deed.payload;
  return { ...saidBy(row), payload };
}

const textsOf = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);

const within = (said: NewDeed, joined: string | undefined): NewDeed =>
  joined === undefined ? said : { ...said, inspection_id: joined, payload: { ...said.payload, inspection_id: joined } };

function saidBy(row: DeedRow): NewDeed {
  const { account_id, task_id, inspection_id, kind, sha256, deed } = row;
  return { account_id, task_id, inspection_id, kind, sha256, payload: deed.payload, place: placeOf(row), happened_at: new Date(deed.happened_at) };
}

function placeOf({ deed }: DeedRow): Place | null {
  const { lon, lat, accuracy_m } = deed;
  return lon === undefined || lat === undefined || accuracy_m === undefined ? null : { lon, lat, accuracy_m };
}
