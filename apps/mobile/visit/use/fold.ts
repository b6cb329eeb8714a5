/** A visit as its deeds tell it. The deeds are the only truth; nothing about a visit is kept twice. */
import { isLive, type DeedRow, type JsonRecord } from "../../outbox/shapes";
import type { Checklist, Inspection } from "@shared/client/types";

export type Answer = "yes" | "no" | "not_applicable";
export interface Answered { answer: Answer; note: string; row: DeedRow }
/** A photo or a recording: `kind` is that of the evidence. */
export interface Photo { sha256: string; kind: string; purpose: string; caption: string; taken_at: string; problem_id: string | null; length_s: number | null; row: DeedRow }
/** What was put right before the officers left. */
export interface Rectified { problem_id: string; statement: string; confirmed_by: string; ordered_at: string; row: DeedRow }
export interface Sampled { medium: string; said: Record<string, string>; row: DeedRow }
export interface Support { asked: string; advice: string[]; materials: { name: string; count: number }[]; people_count: number; row: DeedRow }
export interface Found {
  problem_id: string;
  element: string;
  severity: string;
  description: string;
  basis_key: string | null;
  rectify_by_on: string | null;
  requirement: string | null;
  row: DeedRow;
}
export interface Signed { signer: "officer" | "manager"; signer_name: string; officer_id: string | null; sha256: string | null; is_refused: boolean; refusal_reason: string | null; isStale: boolean; row: DeedRow }

/** What other phones of the team have recorded, as the server last said. */
export interface TeamView { answers: Map<string, { answer: Answer; note: string }>; signatures: Map<string, string>; photos: Set<string> }

export interface VisitView {
  inspection_id: string;
  arrival: DeedRow | null;
  officer_ids: string[] | null;
  answers: Map<string, Answered>;
  photos: Photo[];
  problems: Found[];
  /** By problem. */
  rectified: Map<string, Rectified>;
  samples: Sampled[];
  /** The last note of an assistance or outreach visit. */
  support: Support | null;
  /** The last word of each signer; stale if something was recorded after it. */
  signatures: Map<string, Signed>;
  submission: DeedRow | null;
  team: TeamView;
}

export const blankVisit = (inspection_id = ""): VisitView => ({
  inspection_id, arrival: null, officer_ids: null, answers: new Map(), photos: [], problems: [], rectified: new Map(), samples: [], support: null, signatures: new Map(), submission: null,
  team: { answers: new Map(), signatures: new Map(), photos: new Set() },
});

/** What answers name a checklist by; a pack kept since before lists had keys names it by its element. */
export const listKey = (list: { key?: string; element: string }): string => list.key ?? list.element;
export const answerKey = (element: string, item_key: string): string => `${element}/${item_key}`;
export const signerKey = (signer: string, officer_id: string | null): string => `${signer}/${officer_id ?? ""}`;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const textOrNull = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** The live deeds of one visit, in the order of this phone. Refused ones are shown too: they wait to be mended. */
export function foldVisit(inspection_id: string, rows: DeedRow[], record: Inspection | null = null): VisitView {
  const view = blankVisit(inspection_id);
  if (record?.id === inspection_id) view.team = teamOf(record);
  for (const row of rows.filter((row) => row.inspection_id === inspection_id && isLive(row))) {
    if (CONTENT.has(row.kind)) view.signatures.forEach((signed) => (signed.isStale = true));
    STEPS[row.kind]?.(view, row.deed.payload, row);
  }
  return view;
}

const teamOf = (record: Inspection): TeamView => ({
  answers: new Map(record.answers.map(({ element, item_key, answer, note }) => [answerKey(element, item_key), { answer: answer as Answer, note: note ?? "" }])),
  signatures: new Map(record.signatures.filter((signed) => !signed.interview_id).map((signed) => [signerKey(signed.signer, signed.officer_id), signed.signer_name])),
  photos: new Set(record.photos.map((photo) => photo.sha256)),
});

const CONTENT = new Set([
  "answer_item", "add_photo", "add_recording", "take_sample", "find_problem", "rectify_on_spot", "show_certificate", "record_particulars",
]);

function photoOf(said: JsonRecord, row: DeedRow): Photo {
  const { sha256, purpose, caption, taken_at, problem_id, kind, length_s } = said;
  return {
    sha256: text(sha256), kind: textOrNull(kind) ?? "photo", purpose: text(purpose), caption: text(caption), taken_at: text(taken_at),
    problem_id: textOrNull(problem_id), length_s: typeof length_s === "number" ? length_s : null, row,
  };
}

const STEPS: Partial<Record<DeedRow["kind"], (view: VisitView, said: JsonRecord, row: DeedRow) => void>> = {
  arrive_on_site: (view, said, row) => {
    view.arrival = row;
    view.officer_ids = Array.isArray(said.officer_ids) ? said.officer_ids.map(String) : null;
  },
  answer_item: (view, said, row) => {
    const key = answerKey(text(said.element), text(said.item_key));
    view.answers.set(key, { answer: text(said.answer) as Answer, note: text(said.note), row });
  },
  add_photo: (view, said, row) => void view.photos.push(photoOf(said, row)),
  add_recording: (view, said, row) => void view.photos.push(photoOf(said, row)),
  rectify_on_spot: (view, said, row) => {
    const problem_id = text(said.problem_id);
    view.rectified.set(problem_id, { problem_id, statement: text(said.statement), confirmed_by: text(said.confirmed_by), ordered_at: text(said.ordered_at), row });
  },
  take_sample: (view, said, row) => void view.samples.push({ medium: text(said.medium), said: said.said as Record<string, string>, row }),
  note_support: (view, said, row) => {
    const { advice, materials, people_count } = said as unknown as Support;
    view.support = { asked: text(said.asked), advice: advice ?? [], materials: materials ?? [], people_count: people_count ?? 0, row };
  },
  find_problem: (view, said, row) => {
    view.problems.push({
      problem_id: text(said.problem_id), element: text(said.element), severity: text(said.severity), description: text(said.description),
      basis_key: textOrNull(said.basis_key), rectify_by_on: textOrNull(said.rectify_by_on), requirement: textOrNull(said.requirement), row,
    });
  },
  sign_inspection: (view, said, row) => {
    if (typeof said.interview_id === "string") return; // on an interview: see paper/use/entries.ts
    const officer_id = textOrNull(said.officer_id);
    view.signatures.set(signerKey(text(said.signer), officer_id), {
      signer: text(said.signer) as Signed["signer"], signer_name: text(said.signer_name), officer_id, sha256: textOrNull(said.sha256),
      is_refused: said.is_refused === true, refusal_reason: textOrNull(said.refusal_reason), isStale: false, row,
    });
  },
  submit_inspection: (view, _said, row) => {
    view.submission = row;
  },
};

/** Two officers, and the manager or the note of a refusal (行政处罚法 §42, §55). */
export function isFullySigned(view: VisitView): boolean {
  const here = [...view.signatures].filter(([, signed]) => signed.row.state !== "refused").map(([key]) => key);
  const signers = [...new Set([...here, ...view.team.signatures.keys()])];
  const count = (signer: string): number => signers.filter((key) => key.startsWith(`${signer}/`)).length;
  return count("officer") >= 2 && count("manager") >= 1;
}

export interface Progress { answered: number; total: number; negative: number }

export function progressOf(view: VisitView, lists: Checklist[]): Progress {
  const progress: Progress = { answered: 0, total: 0, negative: 0 };
  for (const list of lists) {
    for (const item of list.items) {
      const key = answerKey(listKey(list), item.key);
      const answered = view.answers.get(key) ?? view.team.answers.get(key);
      progress.total += 1;
      if (answered) progress.answered += 1;
      if (answered?.answer === "no") progress.negative += 1;
    }
  }
  return progress;
}
