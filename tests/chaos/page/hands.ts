/**
 * Hands on the phone: they do with the app what its pages do, one after the other, faster than a finger.
 * Only the test's own build of the mobile face holds this module; the face that is shipped does not.
 */
import { accountId, isSignedOut } from "../../../apps/mobile/common/account";
import { keep } from "../../../apps/mobile/common/keep";
import { store } from "../../../apps/mobile/common/live";
import { sendNow, sendSoon } from "../../../apps/mobile/common/sending";
import { draftPlace, recordPhoto, takePhoto, thumbnailOf, type PhotoDraft } from "../../../apps/mobile/visit/use/photo";
import { digestOfBytes } from "../../../apps/mobile/outbox/digest";
import { readDraft, writeDraft } from "../../../apps/mobile/outbox/drafts";
import { keepFile } from "../../../apps/mobile/outbox/keep";
import { countOf, type Count } from "../../../apps/mobile/outbox/queue";
import { TIMES_RESTORED } from "../../../apps/mobile/outbox/second";
import { isLive, type DeedKind, type DeedRow, type FileRow, type JsonRecord, type ReceiptRow } from "../../../apps/mobile/outbox/shapes";

interface Picture { base64: string; media_type: string }
/** `key` is the test's own name of the act; `payload` is what the officer enters, without what the app adds by itself. */
interface Act { key: string; kind: DeedKind; payload: JsonRecord; picture: Picture | null }
interface Visit { task_id: string; inspection_id: string; acts: Act[] }

/** What the app says once an act is safe on the phone. `was_there`: the app showed it after a restart. */
interface Kept { key: string; id: string; digest: string; was_there: boolean }
interface KeptFile { sha256: string; size: number; holds: string | null; is_sent: boolean }
interface Book { deeds: DeedRow[]; receipts: ReceiptRow[]; files: KeptFile[]; drafts: string[] }

declare global {
  interface Window {
    /** The test's journal. */
    acknowledge: (kept: Kept) => Promise<void>;
    hands: typeof hands;
  }
}

/** What of the visit the app does not show yet is done; every act is acknowledged once the app holds it. */
async function work(visit: Visit): Promise<void> {
  for (const act of visit.acts) {
    const there = (await rowsOf(visit)).find((row) => says(row, act));
    const row = there ?? (await perform(visit, act));
    void window.acknowledge({ key: act.key, id: row.id, digest: row.deed.digest, was_there: there !== undefined });
  }
}

const rowsOf = async (visit: Visit): Promise<DeedRow[]> => (await store.deeds.where("task_id").equals(visit.task_id).toArray()).filter(isLive);

const says = (row: DeedRow, act: Act): boolean =>
  row.kind === act.kind && Object.entries(act.payload).every(([name, value]) => JSON.stringify(row.deed.payload[name]) === JSON.stringify(value));

async function perform(visit: Visit, act: Act): Promise<DeedRow> {
  if (act.kind === "add_photo") return photograph(visit, act);
  const sha256 = act.picture === null ? undefined : await keepSignature(act.picture);
  const isOfVisit = act.kind !== "accept_task";
  const more = { ...(isOfVisit ? { inspection_id: visit.inspection_id } : {}), ...(act.kind === "submit_inspection" ? { ended_at: new Date().toISOString() } : {}) };
  const inspection_id = isOfVisit ? visit.inspection_id : "";
  return said(await keep({ kind: act.kind, task_id: visit.task_id, inspection_id, payload: { ...more, ...act.payload }, sha256 }));
}

async function photograph(visit: Visit, act: Act): Promise<DeedRow> {
  const { sha256, purpose, problem_id } = act.payload as { sha256: string; purpose: string; problem_id?: string };
  const place = draftPlace(visit.inspection_id, sha256);
  const begun = await readDraft<PhotoDraft>(store, place);
  const draft = begun ?? (await takePhoto(fileOf(act.picture!), visit.inspection_id, problem_id ?? null));
  const described = { ...draft, purpose };
  await writeDraft(store, place, described);
  const row = await recordPhoto(visit.task_id, visit.inspection_id, described);
  sendSoon();
  return row;
}

async function keepSignature(picture: Picture): Promise<string> {
  const png = fileOf(picture);
  return (await keepFile(store, await png.arrayBuffer(), picture.media_type, await thumbnailOf(png))).sha256;
}

function said(row: DeedRow | undefined): DeedRow {
  if (row === undefined) throw new Error("the app could not keep a deed");
  return row;
}

function fileOf({ base64, media_type }: Picture): File {
  return new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], "示例", { type: media_type });
}

/** Everything that the phone holds. `holds` is the digest of the bytes as they are read back; null where they were let go. */
async function book(): Promise<Book> {
  const files: KeptFile[] = [];
  for (const sha256 of await store.files.toCollection().primaryKeys()) {
    const { size, bytes, sent_at } = (await store.files.get(sha256)) as FileRow;
    files.push({ sha256, size, holds: bytes && (await digestOfBytes(bytes)), is_sent: sent_at !== "" });
  }
  return {
    deeds: await store.deeds.orderBy("seq").toArray(),
    receipts: await store.receipts.orderBy("seq").toArray(),
    files,
    drafts: await store.drafts.toCollection().primaryKeys(),
  };
}

const LOOK_AGAIN_MS = 250;

/** Everything that can go is sent for; what is still to go a moment later, but for what a person has to look at, or null. */
async function rest(): Promise<{ deeds: number; files: number } | null> {
  void sendNow();
  await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS)); // asked without a pause, the phone would do nothing but answer
  const { unsent, stuck, files, filesStuck } = await countOf(store, accountId.value);
  const waiting = { deeds: unsent - stuck, files: files - filesStuck };
  return waiting.deeds + waiting.files === 0 ? null : waiting;
}

const hands = {
  restored: async (): Promise<number> => (await store.setting<number>(TIMES_RESTORED)) ?? 0,
  work,
  book,
  rest,
  sendNow,
  /** Somebody is signed in, as far as the phone knows. */
  isReady: (): boolean => accountId.value !== "",
  isSignedOut: (): boolean => isSignedOut.value,
  count: (): Promise<Count> => countOf(store, accountId.value),
  /** The ids of every deed that the phone holds; by one question, because keys of an index are stepped through one by one. */
  ids: (): Promise<string[]> => store.deeds.toArray().then((rows) => rows.map((row) => row.id)),
};
window.hands = hands;
