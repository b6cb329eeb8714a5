/** What a recorder or the sketch sheet has made, into the store: untouched bytes, digest at capture, a draft until it says what it proves. */
import { placeNow } from "../../common/fix";
import { store } from "../../common/live";
import { keepFile } from "../../outbox/keep";
import { draftPlace, thumbnailOf, type PhotoDraft } from "./photo";
import type { EvidenceKind } from "./site";
import type { Drawing } from "./sketch";

export type RecordedKind = "video" | "voice_note" | "sketch";
export interface Made { blob: Blob; kind: RecordedKind; taken_at: string; length_s?: number; sketch?: Drawing }
export class TooLarge extends Error {}

/** The media type that this browser records in and the rules take; undefined: none. */
export const recordable = (kind: EvidenceKind | null, wanted: "video" | "audio"): string | undefined =>
  (kind?.media_types ?? [`${wanted}/webm`, `${wanted}/mp4`]).find((type) => MediaRecorder.isTypeSupported(type));

/** The bytes are safe on the phone under their digest, and the draft that describes them. */
export async function keepMade(made: Made, inspection_id: string, limits: EvidenceKind | null): Promise<PhotoDraft> {
  if (limits && made.blob.size > limits.most_bytes) throw new TooLarge(String(limits.most_bytes));
  const media_type = made.blob.type.split(";")[0]!;
  const thumbnail = made.kind === "sketch" ? await thumbnailOf(made.blob) : null;
  const { kind, taken_at, length_s, sketch } = made;
  const said = { taken_at, place: placeNow(), purpose: "", caption: "", problem_id: null, kind, length_s, sketch };
  const describe = (sha256: string) => ({ place: draftPlace(inspection_id, sha256), value: { sha256, ...said } });
  const { sha256 } = await keepFile(store, await made.blob.arrayBuffer(), media_type, thumbnail, describe);
  return { sha256, ...said };
}

/** 0:07, 12:30. */
export const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
