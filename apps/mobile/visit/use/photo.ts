/** A photo from the camera into the store: untouched bytes, digest at capture, and a draft until it says what it proves. */
import { showDialog } from "vant";
import { w } from "@shared/terms";
import { accountId } from "../../common/account";
import { placeNow } from "../../common/fix";
import { store } from "../../common/live";
import { dropDraft, type DraftPlace } from "../../outbox/drafts";
import { keepDeed, keepFile } from "../../outbox/keep";
import type { DeedRow, JsonRecord, Place } from "../../outbox/shapes";
import type { RecordedKind } from "./recording";
import type { Drawing } from "./sketch";

export interface PhotoDraft {
  sha256: string;
  taken_at: string;
  place: Place | null;
  purpose: string;
  caption: string;
  problem_id: string | null;
  /** Left out: a photo. */
  kind?: RecordedKind;
  length_s?: number;
  sketch?: Drawing;
}

/** What `keep` made of a file; undefined, and the officer has been told, if it is no picture. */
export async function orSayWhyNot<T>(keep: () => Promise<T>): Promise<T | undefined> {
  try {
    return await keep();
  } catch (reason) {
    if (!(reason instanceof NotAPicture)) throw reason;
    await showDialog({ title: w("不支持的文件", "Not a picture"), message: w("只收 JPEG、PNG、WebP、HEIC 照片。", "JPEG, PNG, WebP and HEIC only.") });
    return undefined;
  }
}

/** What the server takes as a picture. */
const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/heic"];
const THUMBNAIL_PX = 320;

/** Not a picture that the server takes. */
export class NotAPicture extends Error {}

export const draftPlace = (inspection_id: string, sha256: string): DraftPlace => ({ account_id: accountId.value, about: inspection_id, name: `photo/${sha256}` });

/** The original is safe on the phone under its digest, and the draft that describes it. */
export async function takePhoto(file: File, inspection_id: string, problem_id: string | null, purpose = ""): Promise<PhotoDraft> {
  return keepPicture(file, { purpose, caption: "", problem_id }, (sha256) => draftPlace(inspection_id, sha256));
}

interface Taken { sha256: string; taken_at: string; place: Place | null }

/** The original is safe on the phone under its digest, with the draft at `at` of when and where it was taken and what else is `said`. Throws NotAPicture. */
export async function keepPicture<T extends object>(file: File, said: T, at: (sha256: string) => DraftPlace): Promise<Taken & T> {
  if (!PICTURES.includes(file.type)) throw new NotAPicture(file.type || file.name);
  const bytes = await file.arrayBuffer();
  const draft = { taken_at: takenAt(file), place: placeNow(), ...said };
  const describe = (sha256: string) => ({ place: at(sha256), value: { sha256, ...draft } });
  const { sha256 } = await keepFile(store, bytes, file.type, await thumbnailOf(file), describe);
  return { sha256, ...draft };
}

/** The photo or recording is a deed of the visit, and its draft is gone with the same stroke. */
export function recordPhoto(task_id: string, inspection_id: string, draft: PhotoDraft): Promise<DeedRow> {
  const { sha256, taken_at, place, problem_id } = draft;
  const [purpose, caption] = [draft.purpose.trim(), draft.caption.trim()];
  const payload = {
    inspection_id, sha256, purpose, taken_at,
    ...(caption === "" ? {} : { caption }), ...(problem_id === null ? {} : { problem_id }), ...recordedIn(draft),
  };
  return keepDeed(store, {
    kind: draft.kind === undefined ? "add_photo" : "add_recording",
    account_id: accountId.value, task_id, inspection_id, payload, sha256, place, draft: draftPlace(inspection_id, sha256),
  });
}

/** What only a recording says of itself. */
function recordedIn({ kind, length_s, sketch }: PhotoDraft): JsonRecord {
  if (kind === undefined) return {};
  return { kind, ...(length_s === undefined ? {} : { length_s }), ...(sketch === undefined ? {} : { sketch: JSON.parse(JSON.stringify(sketch)) as JsonRecord }) };
}

/** The picture's own time if it is older than now: it may have been taken with another camera app. */
function takenAt(file: File): string {
  return new Date(Math.min(file.lastModified || Date.now(), Date.now())).toISOString();
}

/** A small copy for lists; null for pictures that this browser cannot draw. The original is not touched. */
export async function thumbnailOf(file: Blob): Promise<string | null> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, THUMBNAIL_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas.toDataURL("image/jpeg", 0.75);
  } catch {
    return null;
  }
}

/** A photo that has not become a record is gone; one that a record names stays. */
export async function discardPhoto(inspection_id: string, sha256: string): Promise<void> {
  await dropDraft(store, draftPlace(inspection_id, sha256));
  await store.transaction("rw", store.files, store.deeds, async () => {
    if ((await store.deeds.where("sha256").equals(sha256).count()) === 0) await store.files.delete(sha256);
  });
}
