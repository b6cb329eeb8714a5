/** Every call a face makes, by room. Addresses are written here and nowhere else. */
import { get, post, remove, upload, type Query } from "./http";
import type { FeatureCollection } from "geojson";
import type * as wire from "./types";

const listed = (query: Query = {}): Query => ({ limit: 50, ...query });

export const session = {
  read: () => get<wire.Actor>("/api/session"),
  open: (login: string, password: string) => post<{ token: string; actor: wire.Actor }>("/api/session", { login, password }),
  close: () => remove<void>("/api/session"),
};

export const jurisdictions = {
  areas: (under?: string) => get<wire.Area[]>("/api/areas", { under }),
  outlines: (under?: string) => get<FeatureCollection>("/api/areas/outlines", { under }),
  agencies: () => get<wire.Agency[]>("/api/agencies"),
};

export const officers = {
  list: (query?: Query) => get<wire.Page<wire.Officer>>("/api/officers", listed(query)),
  setDuty: (is_on_duty: boolean) => post<unknown>("/api/duty", { is_on_duty }),
};

export const sources = {
  list: (query?: Query) => get<wire.Page<wire.Source>>("/api/sources", listed(query)),
  points: (area_code?: string) => get<wire.SourcePoints>("/api/sources/points", { area_code }),
  file: (id: string) => get<wire.EnterpriseFile>(`/api/sources/${id}`),
  previewImport: (form: FormData) => upload<wire.ImportPreview>("/api/imports/sources/preview", form),
  import: (form: FormData) => upload<wire.ImportReport>("/api/imports/sources", form),
};

export interface NewClue {
  kind: string;
  element: string;
  description: string;
  lon?: number;
  lat?: number;
  source_id?: string;
  petitioner?: { name: string; phone: string };
}

export const clues = {
  list: (query?: Query) => get<wire.Page<wire.Clue>>("/api/clues", listed(query)),
  read: (id: string) => get<wire.Clue>(`/api/clues/${id}`),
  receive: (clue: NewClue) => post<wire.Clue>("/api/clues", clue),
  accept: (id: string, body: { title?: string; due_on?: string; mode?: string; instruction?: string }) => post<wire.Clue>(`/api/clues/${id}/accept`, body),
  revealPetitioner: (id: string) => post<{ name: string | null; phone: string | null }>(`/api/clues/${id}/petitioner`),
  decline: (id: string, reason: string) => post<wire.Clue>(`/api/clues/${id}/decline`, { reason }),
};

export interface NewTask {
  kind: string;
  mode: string;
  title: string;
  source_id?: string;
  lon?: number;
  lat?: number;
  area_code?: string;
  matters: string[];
  due_on: string;
  instruction: string;
}

export const tasks = {
  list: (query?: Query) => get<wire.Page<wire.Task>>("/api/tasks", listed(query)),
  read: (id: string) => get<wire.Task>(`/api/tasks/${id}`),
  draft: (task: NewTask) => post<wire.Task>("/api/tasks", task),
  assign: (id: string, officer_ids: string[], lead_officer_id: string) =>
    post<wire.Task>(`/api/tasks/${id}/assign`, { officer_ids, lead_officer_id }),
  urge: (id: string, words: string) => post<wire.Task>(`/api/tasks/${id}/urge`, { words }),
  cancel: (id: string, reason: string) => post<wire.Task>(`/api/tasks/${id}/cancel`, { reason }),
};

export const inspections = {
  list: (query?: Query) => get<wire.Page<wire.InspectionBrief>>("/api/inspections", listed(query)),
  read: (id: string) => get<wire.Inspection>(`/api/inspections/${id}`),
  signatureAddress: (id: string, signature_id: string) => `/api/inspections/${id}/signatures/${signature_id}`,
};

export const law = {
  checklists: () => get<wire.Checklist[]>("/api/checklists"),
};

export const problems = {
  list: (query?: Query) => get<wire.Page<wire.Problem>>("/api/problems", listed(query)),
  read: (id: string) => get<wire.ProblemRecord>(`/api/problems/${id}`),
  order: (id: string, body: { rectify_by_on: string; requirement: string }) => post<wire.Problem>(`/api/problems/${id}/order`, body),
  claim: (id: string, body: { statement: string; evidence_ids: string[] }) => post<wire.Problem>(`/api/problems/${id}/claim`, body),
  return: (id: string, body: { reason: string }) => post<wire.Problem>(`/api/problems/${id}/return`, body),
  closeOut: (id: string, body: { opinion: string; evidence_ids: string[] }) => post<wire.Problem>(`/api/problems/${id}/close_out`, body),
  setLookBackDay: (id: string, due_on: string) => post<wire.Problem>(`/api/problems/${id}/look_back_day`, { due_on }),
  sealEvidence: (id: string, form: FormData) => upload<wire.Evidence>(`/api/problems/${id}/evidence`, form),
  lookBack: (id: string, body: { outcome: wire.LookBackOutcome; note: string; evidence_ids: string[] }) =>
    post<wire.Problem>(`/api/problems/${id}/look_back`, body),
};

export const evidence = {
  read: (id: string) => get<wire.Evidence>(`/api/evidence/${id}`),
  fileAddress: (id: string) => `/api/evidence/${id}/file`,
};

export const oversight = {
  efficiency: (query: Query) => get<wire.Efficiency>("/api/efficiency", query),
  rows: (query: Query) => get<wire.Page<Record<string, unknown>>>("/api/efficiency/rows", listed(query)),
  ledger: (subject_id: string) => get<wire.LedgerEntry[]>("/api/ledger", { subject_id }),
};
