/** Wire shapes, one name a shape. Ids are UUIDv7, `*_at` ISO instants in UTC, `*_on` Beijing calendar days. */

export interface Page<T> { items: T[]; total: number; next_cursor: string | null }

export type Element = "air" | "water" | "noise" | "solid_waste" | "permit" | "construction";
export type Severity = "minor" | "major" | "severe";
export type ClueState = "received" | "accepted" | "settled" | "declined";
export type ClueKind = "petition" | "sighting" | "alarm" | "referral" | "patrol";
export type TaskState = "drafted" | "assigned" | "accepted" | "on_site" | "reported" | "cancelled";
export type TaskKind = "clue_check" | "routine" | "random_draw" | "campaign" | "look_back" | "petition_check";
export type TaskMode = "local" | "joint" | "cross" | "away" | "circuit";
export type ProblemState = "found" | "ordered" | "claimed" | "closed" | "settled" | "relapsed";
export type LookBackOutcome = "held" | "relapsed";

export interface AgencyRef { id: string; name: string; short_name: string; tier: string; area_code: string }
export interface Agency extends AgencyRef { parent_id: string | null }

export interface Actor {
  account_id: string;
  officer_id: string | null;
  name: string;
  agency: AgencyRef;
  roles: string[];
  verbs: string[];
  areas: string[];
}

export interface Area { area_code: string; name: string; level: string; parent_code: string | null }

export interface Certificate { number: string; valid_from_on: string; valid_to_on: string | null; is_valid: boolean }
export interface Officer {
  id: string;
  name: string;
  agency_id: string;
  agency_name: string;
  area_code: string;
  is_on_duty: boolean;
  certificate: Certificate | null;
}

export interface Source {
  id: string;
  name: string;
  uscc: string | null;
  enterprise_id: string | null;
  area_code: string;
  area_name: string;
  address: string;
  lon: number | null;
  lat: number | null;
  industry_code: string | null;
  industry_name: string | null;
  permit_class: string;
  supervision_class: string;
  object_kind: string;
  elements: string[];
  is_position_checked: boolean;
  position_note: string | null;
}
export interface SourcePoints { fields: string[]; rows: unknown[][] }

export interface InspectionBrief {
  id: string;
  number: string;
  state: string;
  origin: string;
  kind: string;
  mode: string;
  area_code: string;
  task_id: string | null;
  source_id: string | null;
  source_name: string | null;
  inspected_on: string;
  arrived_at: string;
  ended_at: string | null;
  officers: { id: string; name: string }[];
  conclusion: string | null;
}

export interface Clue {
  id: string;
  number: string;
  kind: ClueKind;
  element: string | null;
  state: ClueState;
  description: string;
  lon: number | null;
  lat: number | null;
  area_code: string;
  source_id: string | null;
  source_name: string | null;
  received_at: string;
  handle_by_on: string | null;
  decline_reason: string | null;
  task_id: string | null;
  has_petitioner: boolean;
  verbs: string[];
}

export interface TaskOfficer { id: string; name: string; agency_name: string; is_lead: boolean; accepted_at: string | null }
export interface Task {
  id: string;
  number: string;
  kind: TaskKind;
  mode: TaskMode;
  state: TaskState;
  title: string;
  instruction: string | null;
  area_code: string;
  source_id: string | null;
  source_name: string | null;
  lon: number | null;
  lat: number | null;
  matters: string[];
  due_on: string | null;
  is_overdue: boolean;
  officers: TaskOfficer[];
  clue_id: string | null;
  problem_id: string | null;
  assigned_at: string | null;
  accepted_at: string | null;
  arrived_at: string | null;
  reported_at: string | null;
  cancelled_at: string | null;
  cancel_reason: string | null;
  urged_count: number;
  inspection_id: string | null;
  verbs: string[];
}

/** As it was stamped on the record: the rulebook's key, and what it said that day. */
export interface LegalBasis {
  key?: string;
  title?: string;
  text?: string;
  basis?: { key: string; cite: string; gist: string }[];
  status?: string;
  doubts?: string[];
}
export interface Evidence {
  id: string;
  sha256: string;
  size: number;
  media_type: string;
  purpose: string;
  caption: string | null;
  taken_at: string;
  received_at: string;
  lon: number | null;
  lat: number | null;
  taker_name: string;
  task_id: string | null;
  inspection_id: string | null;
  problem_id: string | null;
}

export interface Problem {
  id: string;
  number: string;
  state: ProblemState;
  element: string;
  severity: Severity;
  description: string;
  basis: LegalBasis | null;
  requirement: string | null;
  area_code: string;
  source_id: string | null;
  source_name: string | null;
  inspection_number: string | null;
  lon: number | null;
  lat: number | null;
  found_at: string;
  rectify_by_on: string | null;
  is_overdue: boolean;
  ordered_at: string | null;
  claimed_at: string | null;
  closed_at: string | null;
  relapse_count: number;
  inspection_id: string | null;
  look_back_due_on: string | null;
  verbs: string[];
}
export interface Move {
  verb: string;
  before: string | null;
  after: string;
  moved_at: string;
  mover_name: string;
  words: string | null;
  evidence_ids: string[];
}
export interface LookBack { id: string; due_on: string; held_at: string | null; outcome: string | null; note: string | null }
export interface ProblemRecord extends Problem { moves: Move[]; evidence: Evidence[]; look_backs: LookBack[] }

export interface EnterpriseFile {
  source: Source;
  enterprise: { id: string; name: string; uscc: string | null } | null;
  visits: InspectionBrief[];
  problems: Problem[];
  tasks: Task[];
  clues: Clue[];
  visit_count_12m: number;
}

export interface Answer { element: string; item_key: string; answer: string; note: string | null; checklist_version: string; answered_at: string }
export interface Signature {
  id: string;
  signer: string;
  officer_id: string | null;
  signer_name: string;
  is_refused: boolean;
  refusal_reason: string | null;
  signed_at: string;
  sha256: string | null;
}
export interface Inspection extends InspectionBrief {
  received_at: string;
  submitted_at: string | null;
  lon: number | null;
  lat: number | null;
  accuracy_m: number | null;
  distance_m: number | null;
  answers: Answer[];
  photos: Evidence[];
  signatures: Signature[];
}

export interface ImportPreview {
  columns: string[];
  mapping: Record<string, string | null>;
  fields: { field: string; zh: string; required: boolean }[];
  sample: (string | null)[][];
  encoding: string | null;
  rows: number;
}
export interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  repaired: { row: number; field: string; from: string | null; to: string | null }[];
  rejected: { row: number; field: string | null; value: string | null; reason: string }[];
}

export interface Figure { value: number | null; previous: number | null; change: number | null; percent: number | null }
export interface Coverage { kind: string; covered: number; total: number; percent: number | null }
export interface CampaignFigures {
  name: string;
  officer_turnouts: number;
  points: number;
  problems: number;
  rectified: number;
  coverage: Coverage[];
}
export interface Efficiency {
  area: string;
  from: string;
  to: string;
  site_visits: Figure;
  officer_turnouts: Figure;
  activity_index: Figure;
  roster: number | null;
  working_days: number | null;
  campaigns: CampaignFigures[];
  draws: { batch: string; level: string; drawn: number }[];
}

export interface LedgerEntry {
  seq: number | null;
  name: string;
  happened_at: string;
  recorded_at: string;
  author_name: string;
  agency_name: string | null;
  words: string;
}
export interface Checklist { element: string; title: string; version: string; items: { key: string; text: string; help: string | null; basis: string | null }[] }
