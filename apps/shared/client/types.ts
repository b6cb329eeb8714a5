/** Short names for the wire shapes, which are generated from the server's own description. */
import type { components } from "./schema";

type Schemas = components["schemas"];
/** The server always sends a field that has a default; its description only says that it may be left out. */
type Sent<Name extends keyof Schemas> = Required<Schemas[Name]>;

export interface Page<T> { items: T[]; total: number; next_cursor: string | null }

export type Actor = Sent<"ActorOut">;
export type Area = Sent<"AreaOut">;
export type Agency = Sent<"AgencyOut">;
export type Officer = Sent<"OfficerOut">;
export type Source = Sent<"SourceOut">;
export type SourcePoints = Sent<"PointsOut">;
export type Clue = Sent<"ClueOut">;
export type Task = Sent<"TaskOut">;
export type InspectionBrief = Sent<"InspectionBrief">;
export type Inspection = Sent<"InspectionOut">;
export type Answer = Sent<"AnswerOut">;
export type Signature = Sent<"SignatureOut">;
export type Evidence = Sent<"EvidenceOut">;
export type Checklist = Sent<"ChecklistOut">;
export type LedgerEntry = Sent<"TimelineEntry">;
export type Move = Sent<"MoveOut">;
export type LookBack = Sent<"LookBackOut">;
export type LookBackOutcome = Schemas["LookBackIn"]["outcome"];

/** A provision as it was stamped on the record: later amendments do not touch it. */
export interface LegalBasis {
  key?: string;
  title?: string;
  text?: string;
  basis?: { key: string; cite: string; gist: string }[];
  status?: string;
  doubts?: string[];
}
type WithBasis<T> = Omit<T, "basis"> & { basis: LegalBasis | null };
export type Problem = WithBasis<Sent<"liandong__work__problems__schemas__ProblemOut">>;
export type ProblemRecord = Omit<WithBasis<Sent<"ProblemFileOut">>, "evidence"> & { evidence: Evidence[] };

export type EnterpriseFile = Omit<Sent<"EnterpriseFile">, "problems" | "tasks" | "clues" | "visits"> & {
  problems: Problem[];
  tasks: Task[];
  clues: Clue[];
  visits: InspectionBrief[];
};

export type NewClue = Schemas["ClueIn"];
export type NewTask = Schemas["TaskIn"];

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
