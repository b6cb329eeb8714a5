/** Keeping what an officer did: a file is kept at capture, a deed is sealed and kept, and only then is it done. */
import { v7 as newId } from "uuid";
import type { Store } from "./db";
import { clean, digestOfBytes, digestOfDeed } from "./digest";
import { draftRow, keyOf, type DraftPlace } from "./drafts";
import { exclusively, WRITING, type Exclusively } from "./lock";
import { isFileLeft } from "./left";
import { forerunners, type Said } from "./needs";
import { MEDIA, NOT_SENT, type Deed, type DeedRow, type FileRow, type Place } from "./shapes";

export interface NewDeed extends Said {
  place?: Place | null;
  happened_at?: Date;
  /** The file that the payload names; it must have been kept already. */
  sha256?: string;
  /** The draft that becomes this deed. It goes in the same instant: a phone that dies here shows the one or the other, never both. */
  draft?: DraftPlace;
}

export class FileNotKept extends Error {}

/** The deed is in the store, sealed, with its forerunners, and its draft is gone. Rejects, and changes nothing, if the store does. */
export async function keepDeed(store: Store, said: NewDeed, lock: Exclusively = exclusively): Promise<DeedRow> {
  return lock(WRITING, async () => {
    const whole = await withFile(store, said);
    const row = await sealed(whole, await forerunners(store, whole), await device(store));
    await store.transaction("rw", store.deeds, store.files, store.drafts, async () => {
      if (row.sha256 !== "" && (await store.files.where("sha256").equals(row.sha256).count()) === 0) throw new FileNotKept(row.sha256);
      row.is_file_left = await isFileLeft(store, row.sha256);
      row.seq = await store.deeds.add(row);
      if (said.draft) await store.drafts.delete(keyOf(said.draft));
    });
    await store.second.settled();
    return row;
  });
}

/** A photo or recording says how large its file is and of what kind, so that it need not wait for the bytes to arrive. */
async function withFile(store: Store, said: NewDeed): Promise<NewDeed> {
  const file = MEDIA.has(said.kind) && said.sha256 ? await store.files.get(said.sha256) : undefined;
  if (!file) return said;
  return { ...said, payload: { ...said.payload, size: file.size, media_type: file.media_type } };
}

/** This phone, by an id of its own, and how far its clock was ahead of the server's when it last heard of it. */
export async function device(store: Store): Promise<Deed["device"]> {
  const drift_ms = await store.setting<number>("drift_ms");
  const id = await store.transaction("rw", store.settings, async () => {
    const known = await store.setting<string>("device_id");
    if (known !== null) return known;
    const fresh = newId();
    await store.set("device_id", fresh);
    return fresh;
  });
  return drift_ms === null ? { id } : { id, drift_ms };
}

/** A row for the store; its deed will never be changed again. */
export async function sealed(said: NewDeed, needs: string[], by: Deed["device"]): Promise<DeedRow> {
  const { kind, task_id } = said;
  const happened_at = (said.happened_at ?? new Date()).toISOString();
  const unsigned = clean({ id: newId(), kind, ...(task_id === "" ? {} : { task_id }), happened_at, ...said.place, device: by, needs, payload: said.payload });
  return {
    id: unsigned.id,
    account_id: said.account_id,
    task_id,
    inspection_id: said.inspection_id,
    kind,
    state: "kept",
    deed: { ...unsigned, digest: await digestOfDeed(unsigned) },
    sha256: said.sha256 ?? "",
    is_file_left: 0,
    is_in_doubt: false,
    problem: null,
    replaced_by: null,
  };
}

/** What is said of a file before it is a deed. */
export type Describe = (sha256: string) => { place: DraftPlace; value: unknown };

/**
 * The untouched bytes are in the store under their digest, with the draft that describes them, or neither is: a file that nothing
 * names would be seen by nobody. Keeping the same bytes again changes nothing.
 */
export async function keepFile(
  store: Store, bytes: ArrayBuffer, media_type: string, thumbnail: string | null = null, describe: Describe | null = null,
): Promise<FileRow> {
  const sha256 = await digestOfBytes(bytes);
  const row: FileRow = { sha256, bytes, size: bytes.byteLength, media_type, kept_at: new Date().toISOString(), thumbnail, sent_at: NOT_SENT };
  const draft = describe?.(sha256);
  const kept = await store.transaction("rw", store.files, store.drafts, async () => {
    if (draft) await store.drafts.put(draftRow(draft.place, draft.value));
    const known = await store.files.get(sha256);
    if (known?.bytes) return known;
    const kept = { ...row, sent_at: known?.sent_at ?? NOT_SENT };
    await store.files.put(kept);
    return kept;
  });
  await store.second.settled();
  return kept;
}
