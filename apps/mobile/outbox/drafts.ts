/** What is half-written: kept at every change, so that going back, a call or a flat battery loses nothing. */
import type { Store } from "./db";
import { clean } from "./digest";
import type { DraftRow, Json } from "./shapes";

export interface DraftPlace { account_id: string; about: string; name: string }

export const keyOf = ({ account_id, about, name }: DraftPlace): string => `${account_id}/${about}/${name}`;

export async function readDraft<T>(store: Store, place: DraftPlace): Promise<T | null> {
  return ((await store.drafts.get(keyOf(place)))?.value as T | undefined) ?? null;
}

export async function writeDraft(store: Store, place: DraftPlace, value: unknown): Promise<void> {
  await store.drafts.put(draftRow(place, value));
  await store.second.settled();
}

export function draftRow(place: DraftPlace, value: unknown): DraftRow {
  const { account_id, about } = place;
  return { key: keyOf(place), account_id, about, value: clean(value) as Json, changed_at: new Date().toISOString() };
}

export async function dropDraft(store: Store, place: DraftPlace): Promise<void> {
  await store.drafts.delete(keyOf(place));
}

/** The drafts of a visit or task whose name begins so, oldest first. */
export async function draftsOf<T>(store: Store, account_id: string, about: string, begins = ""): Promise<{ name: string; value: T }[]> {
  const prefix = keyOf({ account_id, about, name: begins });
  const rows = await store.drafts.where("key").startsWith(prefix).sortBy("changed_at");
  return rows.map((row) => ({ name: row.key.slice(keyOf({ account_id, about, name: "" }).length), value: row.value as T }));
}
