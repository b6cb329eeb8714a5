/** What was said and stated in a visit beside its checklists, as its deeds tell it. The latest of a kind counts; none is ever changed. */
import type { Inspection } from "@shared/client/types";
import { isLive, type DeedKind, type DeedRow, type JsonRecord } from "../../outbox/shapes";

export type ShowAnswer = "confirmed" | "silent" | "disputed";
export interface Shown { officer_ids: string[]; answer: ShowAnswer; note?: string; at: string; row: DeedRow | null }

/** What the form of the 笔录 asks of the party and the site. Empty text: not recorded. */
export interface Particulars {
  manager_name: string; manager_age: string; manager_post: string; manager_phone: string; manager_identity: string; manager_relation: string;
  legal_person: string; recorder_id: string; participants: string; rights: string; production: string; conclusion: string;
}
export const blankParticulars = (): Particulars => ({
  manager_name: "", manager_age: "", manager_post: "", manager_phone: "", manager_identity: "", manager_relation: "",
  legal_person: "", recorder_id: "", participants: "", rights: "", production: "", conclusion: "",
});

export interface Asked { key?: string; asked: string; answered: string }
export interface Correction { was?: string; now: string }
export interface InterviewSaid {
  interview_id: string; officer_ids: string[]; recorder_id?: string;
  person: { name: string; sex?: string; age?: number; phone?: string; identity?: string; employer?: string; post?: string; relation?: string; address?: string };
  place?: string; cause?: string; badge?: string; rights?: string; questions: Asked[]; corrections?: Correction[]; service_address?: string;
  began_at: string; ended_at: string;
}
export interface InterviewHere { said: InterviewSaid; row: DeedRow | null; signatures: Map<string, InterviewSigned> }
export interface InterviewSigned { signer_name: string; sha256: string | null; is_refused: boolean; refusal_reason: string | null; at: string; isStale: boolean; row: DeedRow | null }
export interface Amended { return_id: string; about: string; words: string; reason: string; at: string; row: DeedRow | null }

export interface EntriesView {
  shown: Shown | null;
  particulars: { said: JsonRecord; row: DeedRow | null } | null;
  interviews: Map<string, InterviewHere>;
  amendments: Amended[];
  resubmissions: { return_id: string; row: DeedRow | null }[];
}

interface Said { kind: string; content: JsonRecord; at: string; row: DeedRow | null }

const KINDS: ReadonlySet<DeedKind> = new Set<DeedKind>(["show_certificate", "record_particulars", "record_interview", "amend_record", "resubmit_inspection", "sign_inspection"]);

/** The entries of a visit: those the server has of the whole team, and this phone's own; refused ones too, for they wait to be mended. */
export function foldEntries(inspection_id: string, rows: DeedRow[], record: Inspection | null = null): EntriesView {
  const view: EntriesView = { shown: null, particulars: null, interviews: new Map(), amendments: [], resubmissions: [] };
  const own = rows.filter((row) => row.inspection_id === inspection_id && isLive(row) && KINDS.has(row.kind));
  const known = new Set(own.map((row) => row.id));
  const theirs = record?.id === inspection_id ? (record.entries ?? []).filter((one) => !known.has(one.id)) : [];
  const said: Said[] = [
    ...theirs.map((one): Said => ({ kind: one.kind, content: one.content as JsonRecord, at: one.said_at, row: null })),
    ...own.map((row): Said => ({ kind: row.kind, content: row.deed.payload, at: row.deed.happened_at, row })),
  ];
  for (const one of said.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) STEPS[one.kind]?.(view, one);
  return view;
}

const STEPS: Record<string, (view: EntriesView, said: Said) => void> = {
  show_certificate: (view, { content, at, row }) => {
    view.shown = { ...(content as unknown as Shown), at, row };
  },
  record_particulars: (view, { content, row }) => {
    view.particulars = { said: content, row };
  },
  record_interview: (view, { content, row }) => {
    const said = content as unknown as InterviewSaid;
    const before = view.interviews.get(said.interview_id);
    before?.signatures.forEach((signed) => (signed.isStale = true));
    view.interviews.set(said.interview_id, { said, row, signatures: before?.signatures ?? new Map() });
  },
  sign_inspection: (view, { content, at, row }) => {
    const signatures = view.interviews.get(String(content.interview_id ?? ""))?.signatures;
    const { signer, officer_id, signer_name, sha256, is_refused, refusal_reason } = content;
    signatures?.set(`${String(signer)}/${String(officer_id ?? "")}`, {
      signer_name: String(signer_name), sha256: typeof sha256 === "string" ? sha256 : null, is_refused: is_refused === true,
      refusal_reason: typeof refusal_reason === "string" ? refusal_reason : null, at, isStale: false, row,
    });
  },
  amend_record: (view, { content, at, row }) => {
    view.amendments.push({ ...(content as unknown as Amended), at, row });
  },
  resubmit_inspection: (view, { content, row }) => {
    view.resubmissions.push({ return_id: String(content.return_id), row });
  },
};

/** Only what was written down: what is empty is left out, because the paper then says 未记录. */
export function saidOnly(form: Record<string, unknown>): JsonRecord {
  const filled = Object.entries(form).map(([name, value]) => [name, typeof value === "string" ? value.trim() : value] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== "" && value !== undefined && value !== null)) as JsonRecord;
}

/** The particulars as the deed carries them. */
export function particularsSaid(form: Particulars): JsonRecord {
  const { manager_age, ...rest } = form;
  const age = Number.parseInt(manager_age, 10);
  return { ...saidOnly(rest), ...(Number.isInteger(age) ? { manager_age: age } : {}) };
}

export function particularsForm(said: JsonRecord): Particulars {
  const blank = blankParticulars();
  return Object.fromEntries(Object.keys(blank).map((name) => [name, said[name] === undefined || said[name] === null ? "" : String(said[name])])) as unknown as Particulars;
}
