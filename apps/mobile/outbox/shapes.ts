/** What the outbox keeps, and the shapes that it sends and hears. Nothing here knows of any screen. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonRecord = { [name: string]: Json };

export type DeedKind =
  | "accept_task"
  | "arrive_on_site"
  | "answer_item"
  | "add_photo"
  | "find_problem"
  | "rectify_on_spot"
  | "add_recording"
  | "take_sample"
  | "note_support"
  | "sign_inspection"
  | "submit_inspection"
  | "show_certificate"
  | "record_particulars"
  | "record_interview"
  | "amend_record"
  | "resubmit_inspection"
  | "tell_neighbour";

/** Where the phone was: degrees WGS-84, and the radius of doubt in metres. */
export interface Place { lon: number; lat: number; accuracy_m: number }

/** A deed as it travels. Fields that are not known are left out, never undefined: what is hashed is what is sent. */
export interface Deed {
  id: string;
  kind: DeedKind;
  /** Left out by a deed that hangs from no task. */
  task_id?: string;
  happened_at: string;
  lon?: number;
  lat?: number;
  accuracy_m?: number;
  device: { id: string; drift_ms?: number };
  needs: string[];
  payload: JsonRecord;
  digest: string;
}

/** What the server says is wrong (problem+json). */
export interface ProblemBody {
  code: string;
  title: string;
  title_en?: string;
  detail?: string | null;
  rule?: Json;
  field_errors?: { field: string; code: string; message?: string }[];
}

export type Outcome = "accepted" | "repeated" | "refused" | "conflict" | "waiting";

export interface Receipt {
  deed_id: string;
  digest: string;
  outcome: Outcome;
  received_at: string;
  problem: ProblemBody | null;
  signature: string;
}

/**
 * kept: on this phone, no answer yet · waiting: the server waits for a forerunner or a file · accepted: it has a receipt ·
 * refused, conflict: a person has to look · mended: another deed took its place · set_aside: a person gave it up.
 */
export type DeedState = "kept" | "waiting" | "accepted" | "refused" | "conflict" | "mended" | "set_aside";

export interface DeedRow {
  /** The order of this phone; the key of the table. */
  seq?: number;
  id: string;
  account_id: string;
  /** "": of no task. */
  task_id: string;
  inspection_id: string;
  kind: DeedKind;
  state: DeedState;
  deed: Deed;
  /** The file that the payload names, or "". */
  sha256: string;
  /** 1: the server has not signed for that file yet. A number, because truths are not indexed. */
  is_file_left: 0 | 1;
  /** It was sent and no answer has been heard: the server may have done it. */
  is_in_doubt: boolean;
  problem: ProblemBody | null;
  replaced_by: string | null;
}

/** A file as it was captured. `bytes` are untouched, and go only when the whole visit has its receipts. */
export interface FileRow {
  sha256: string;
  bytes: ArrayBuffer | null;
  size: number;
  media_type: string;
  kept_at: string;
  thumbnail: string | null;
  /** When its receipt came; `NOT_SENT` until then: null would not be indexed, and what is left to send is asked at every change. */
  sent_at: string;
}

export const NOT_SENT = "";

/** What the server signs once every byte of a file is with it and proves the digest. */
export interface FileReceipt {
  sha256: string;
  size: number;
  media_type: string;
  outcome: "kept";
  received_at: string;
  signature: string;
}

/** A file on its way: where to go on, how much the server is known to have, at last its receipt, or why it went no further. */
export interface UploadRow {
  sha256: string;
  url: string | null;
  sent: number;
  receipt: FileReceipt | null;
  problem: ProblemBody | null;
  /** 1: the server will not take it as it is, a person has to look. A number, because truths are not indexed. */
  is_stuck: 0 | 1;
}

export interface ReceiptRow { seq?: number; deed_id: string; heard_at: string; receipt: Receipt }
/** Something half-written. It belongs to a task or a visit (`about`), and is overwritten at every change. */
export interface DraftRow { key: string; account_id: string; about: string; value: Json; changed_at: string }
/** What the phone knows of a task, the pack that was saved before setting out, and the visit as the server last had it. */
/** `read`: when the officer opened the order that was assigned at `of`. */
export interface TaskRow { id: string; account_id: string; task: Json; heard_at: string; pack: Json; pack_saved_at: string | null; record?: Json; read?: { of: string | null; at: string } | null }
/** Where an officer was inside a task, not yet sent; `at` in milliseconds of this phone's clock. */
export interface FixRow extends Place { seq?: number; account_id: string; task_id: string; at: number }
export interface SettingRow { name: string; value: Json }

/** Not yet signed for by the server, and still meant to be. */
export const UNSENT: readonly DeedState[] = ["kept", "waiting", "refused", "conflict"];
/** A person has to look at it. */
export const STUCK: readonly DeedState[] = ["refused", "conflict"];
/** Deeds that seal a file as evidence. */
export const MEDIA: ReadonlySet<string> = new Set(["add_photo", "add_recording", "tell_neighbour"]);
/** Deeds that say what their file is, so that the server takes them before its bytes. */
export const goesAhead = (row: Pick<DeedRow, "deed" | "kind">): boolean => MEDIA.has(row.kind) && typeof row.deed.payload.size === "number";
/** It counts as done, here or there. */
export const isLive = (row: DeedRow): boolean => row.state !== "mended" && row.state !== "set_aside";
export const isUnsent = (row: DeedRow): boolean => UNSENT.includes(row.state);
export const isStuck = (row: DeedRow): boolean => STUCK.includes(row.state);
