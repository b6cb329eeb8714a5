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
/** Why a film of the phone's own camera cannot be kept: a type or a length that the rules do not take; null: it can. */
export type Unfit = "type" | "length" | null;

export function unfit(type: string, length_s: number | null, limits: EvidenceKind | null): Unfit {
  if (limits && !limits.media_types.includes(type.split(";")[0]!)) return "type";
  return limits?.most_seconds !== undefined && length_s !== null && length_s > limits.most_seconds + 1 ? "length" : null;
}

/** How long a film runs, in whole seconds; null where this browser cannot tell. */
export async function lengthOf(film: Blob): Promise<number | null> {
  const player = document.createElement("video");
  const address = URL.createObjectURL(film);
  try {
    return await new Promise((resolve) => {
      player.onloadedmetadata = () => resolve(Number.isFinite(player.duration) ? Math.round(player.duration) : null);
      player.onerror = () => resolve(null);
      player.src = address;
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

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
