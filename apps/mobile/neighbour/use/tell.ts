/** Telling a neighbour: a photo that is safe at capture, a few words, and a deed that goes when it can. */
import { v7 as newId } from "uuid";
import { t, w } from "@shared/terms";
import { accountId } from "../../common/account";
import { store } from "../../common/live";
import type { DraftPlace } from "../../outbox/drafts";
import { keepDeed } from "../../outbox/keep";
import type { DeedRow, Place } from "../../outbox/shapes";
import { keepPicture } from "../../visit/use/photo";

export interface TellDraft { sha256: string; taken_at: string; place: Place | null; description: string; element: string | null; to_area: string | null }

export const tellPlace = (sha256: string): DraftPlace => ({ account_id: accountId.value, about: "neighbour", name: `tell/${sha256}` });

/** What is most often come upon: a tap says it. */
export const FINDS: readonly { element: string; zh: string; en: string }[] = [
  { element: "air", zh: "现场有异味", en: "Smell in the air" },
  { element: "air", zh: "冒黑烟黄烟", en: "Black or yellow smoke" },
  { element: "air", zh: "扬尘未控制", en: "Uncontrolled dust" },
  { element: "water", zh: "疑似偷排污水", en: "Suspected discharge" },
  { element: "water", zh: "水体发黑发臭", en: "Black, foul water" },
  { element: "solid_waste", zh: "倾倒固体废物", en: "Dumped waste" },
  { element: "noise", zh: "噪声扰民", en: "Noise" },
];
export const wordsOfFind = (find: (typeof FINDS)[number]): string => w(find.zh, find.en);
export const elementWords = (element: string): string => t(`element.${element}`);

/** The original is safe on the phone, with the draft of what will be told of it. */
export const beginTelling = (file: File): Promise<TellDraft> => keepPicture(file, { description: "", element: null, to_area: null }, tellPlace);

/** It is a deed, and goes as soon as it can; without `to_area` the server says by the place whose it is. */
export function tell({ sha256, taken_at, place, description, element, to_area }: TellDraft): Promise<DeedRow> {
  const payload = { sha256, taken_at, description: description.trim(), ...(element === null ? {} : { element }), ...(to_area === null ? {} : { to_area }) };
  // a visit of its own: nothing comes before it, nothing after
  return keepDeed(store, { kind: "tell_neighbour", account_id: accountId.value, task_id: "", inspection_id: newId(), payload, sha256, place, draft: tellPlace(sha256) });
}
