/** Every call a face makes, by room. */
import type { FeatureCollection } from "geojson";
import { answer, api, filled, type Query } from "./http";
import type { components, paths } from "./schema";
import type * as wire from "./types";

type Body = components["schemas"];
type GetQuery<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
/** A query whose names are checked and whose values may come from a form as they are; empty ones are left out. */
type Asked<P extends keyof paths> = { [Name in keyof GetQuery<P>]?: string | number | boolean | null };

/** Which figure, of which area and period, and what narrows it: the rows are those it counts. */
export type FigureQuery = Omit<GetQuery<"/api/efficiency/rows">, "limit" | "cursor">;

const query = <P extends keyof paths>(asked: Asked<P>): { query: GetQuery<P> } => ({ query: filled(asked as Query) as GetQuery<P> });
/** Files go as a form, which the generated client would otherwise turn into JSON. */
const asForm = (form: FormData) => ({ body: form as never, bodySerializer: () => form });

export const session = {
  read: () => answer<wire.Actor>(api.GET("/api/session")),
  open: (login: string, password: string) => answer<{ token: string; actor: wire.Actor }>(api.POST("/api/session", { body: { login, password } })),
  close: () => answer<void>(api.DELETE("/api/session")),
};

/** 边界污染源清单: one's own sources near a border, and those that allies share. */
export const borderSources = () => answer<wire.BorderList>(api.GET("/api/border-sources"));

export const borderWatch = () => answer<wire.BorderWatch>(api.GET("/api/border-watch"));

export const jurisdictions = {
  areas: (under?: string) => answer<wire.Area[]>(api.GET("/api/areas", { params: { query: { under } } })),
  outlines: (under?: string) => answer<FeatureCollection>(api.GET("/api/areas/outlines", { params: { query: { under } } })),
  agencies: () => answer<wire.Agency[]>(api.GET("/api/agencies")),
  borders: (area_code: string) => answer<wire.Border[]>(api.GET("/api/areas/{area_code}/borders", { params: { path: { area_code } } })),
};

export const baseMaps = {
  /** The public map that this installation has a key for; null where it has none. */
  read: () => answer<Body["BaseMapOut"] | null>(api.GET("/api/base-map")),
};

export const picture = {
  /** Instants as ISO 8601, at most a day apart. That somebody looked is written down. */
  replay: (since: string, until: string) => answer<wire.Replayed>(api.POST("/api/replay", { body: { since, until } })),
};

export const screens = {
  closeOutList: (asked: Asked<"/api/screens/close-out-list">) => answer<wire.CloseOutList>(api.GET("/api/screens/close-out-list", { params: query(asked) })),
  jointOperation: (day?: string) => answer<wire.JointOperation>(api.GET("/api/screens/joint-operation", { params: query<"/api/screens/joint-operation">({ day }) })),
  heavyPollution: (lon: number, lat: number, within_km: number | null) => answer<wire.Episode>(api.GET("/api/screens/heavy-pollution", { params: { query: { lon, lat, within_km } } })),
  checkMeasure: (source_id: string, measure: string, is_met: boolean) => answer<wire.Measure>(api.POST("/api/screens/measure-checks", { body: { source_id, measure, is_met } })),
  layouts: () => answer<wire.WallLayout[]>(api.GET("/api/screens/wall-layouts")),
  keepLayout: (operation: string, stream_ids: string[]) => answer<wire.WallLayout>(api.POST("/api/screens/wall-layouts", { body: { operation, stream_ids } })),
  withdrawLayout: (layout_id: string) => answer<wire.WallLayout>(api.POST("/api/screens/wall-layouts/{layout_id}/withdraw", { params: { path: { layout_id } } })),
};

export const carriers = {
  /** Vehicles, boats and aircraft: the picture itself only knows people. */
  list: () => answer<wire.Carrier[]>(api.GET("/api/carriers")),
};

export const phone = {
  /** What receipts are signed with (Ed25519, hex). */
  receiptKey: () => answer<Body["ReceiptKeyOut"]>(api.GET("/api/deeds/key")),
};

export const officers = {
  list: (asked: Asked<"/api/officers"> = {}) => answer<{ items: wire.Officer[]; total: number }>(api.GET("/api/officers", { params: query(asked) })),
  /** Only inside a running task of one's own; the server refuses anything else. */
  sendPositions: (body: paths["/api/positions"]["post"]["requestBody"]["content"]["application/json"]) => answer<Body["FixesOut"]>(api.POST("/api/positions", { body })),
  setDuty: (is_on_duty: boolean) => answer<{ is_on_duty: boolean }>(api.POST("/api/duty", { body: { is_on_duty } })),
};

export const sources = {
  list: (asked: Asked<"/api/sources"> = {}) => answer<wire.Page<wire.Source>>(api.GET("/api/sources", { params: query(asked) })),
  points: (area_code?: string) => answer<wire.SourcePoints>(api.GET("/api/sources/points", { params: { query: { area_code } } })),
  file: (source_id: string) => answer<wire.EnterpriseFile>(api.GET("/api/sources/{source_id}", { params: { path: { source_id } } })),
  previewImport: (form: FormData) => answer<wire.ImportPreview>(api.POST("/api/imports/sources/preview", asForm(form))),
  import: (form: FormData) => answer<wire.ImportReport>(api.POST("/api/imports/sources", asForm(form))),
};

/** What was left on a phone, as the field app exported it. */
export const outboxes = {
  import: (form: FormData) => answer<wire.OutboxReport>(api.POST("/api/imports/outbox", asForm(form))),
};

const clue = (clue_id: string) => ({ params: { path: { clue_id } } });
export const clues = {
  list: (asked: Asked<"/api/clues"> = {}) => answer<wire.Page<wire.Clue>>(api.GET("/api/clues", { params: query(asked) })),
  read: (id: string) => answer<wire.Clue>(api.GET("/api/clues/{clue_id}", clue(id))),
  receive: (body: wire.NewClue) => answer<wire.Clue>(api.POST("/api/clues", { body })),
  accept: (id: string, body: Body["AcceptClue"]) => answer<wire.Clue>(api.POST("/api/clues/{clue_id}/accept", { ...clue(id), body })),
  decline: (id: string, reason: string) => answer<wire.Clue>(api.POST("/api/clues/{clue_id}/decline", { ...clue(id), body: { reason } })),
  attachClip: (id: string, evidence_id: string) => answer<wire.Clue>(api.POST("/api/clues/{clue_id}/clip", { ...clue(id), body: { evidence_id } })),
  revealPetitioner: (id: string) => answer<Body["PetitionerOut"]>(api.POST("/api/clues/{clue_id}/petitioner", clue(id))),
};

const task = (task_id: string) => ({ params: { path: { task_id } } });
export const tasks = {
  list: (asked: Asked<"/api/tasks"> = {}) => answer<wire.Page<wire.Task>>(api.GET("/api/tasks", { params: query(asked) })),
  read: (id: string) => answer<wire.Task>(api.GET("/api/tasks/{task_id}", task(id))),
  pack: (id: string) => answer<wire.FieldPack>(api.GET("/api/tasks/{task_id}/pack", task(id))),
  draft: (body: wire.NewTask) => answer<wire.Task>(api.POST("/api/tasks", { body })),
  assign: (id: string, officer_ids: string[], lead_officer_id: string) =>
    answer<wire.Task>(api.POST("/api/tasks/{task_id}/assign", { ...task(id), body: { officer_ids, lead_officer_id } })),
  nearest: (id: string) => answer<wire.Nearest>(api.POST("/api/tasks/{task_id}/nearest", task(id))),
  /** The orders that this phone holds, and since when each was opened. */
  seen: (seen: Body["SeenTask"][]) => answer<void>(api.POST("/api/tasks/seen", { body: { tasks: seen } })),
  urge: (id: string, words: string) => answer<wire.Task>(api.POST("/api/tasks/{task_id}/urge", { ...task(id), body: { words } })),
  /** Good for sending live from the site of one's own task, begun within a minute. */
  siteTicket: (id: string) => answer<Body["TicketOut"]>(api.POST("/api/tasks/{task_id}/site_ticket", task(id))),
  renewCodes: (id: string) => answer<void>(api.POST("/api/tasks/{task_id}/passes/renew", task(id))),
  cancel: (id: string, reason: string) => answer<wire.Task>(api.POST("/api/tasks/{task_id}/cancel", { ...task(id), body: { reason } })),
};

export const inspections = {
  list: (asked: Asked<"/api/inspections"> = {}) => answer<wire.Page<wire.InspectionBrief>>(api.GET("/api/inspections", { params: query(asked) })),
  read: (inspection_id: string) => answer<wire.Inspection>(api.GET("/api/inspections/{inspection_id}", { params: { path: { inspection_id } } })),
  /** The pages of the 笔录, each a PNG in base64, as the press sets them now. */
  recordPages: (inspection_id: string) =>
    answer<{ pages: string[] }>(api.GET("/api/inspections/{inspection_id}/documents/inspection_record/pages", { params: { path: { inspection_id } } })),
  interviewPages: (inspection_id: string, interview_id: string) =>
    answer<{ pages: string[] }>(api.GET("/api/inspections/{inspection_id}/interviews/{interview_id}/pages", { params: { path: { inspection_id, interview_id } } })),
  recordAddress: (id: string) => `/api/inspections/${id}/documents/inspection_record.pdf`,
  interviewAddress: (id: string, interview_id: string) => `/api/inspections/${id}/interviews/${interview_id}/interview_record.pdf`,
  sealedAddress: (id: string) => `/api/inspections/${id}/record.zip`,
  return: (inspection_id: string, comments: { words: string; about: string | null }[]) =>
    answer<Body["ReturnOut"]>(api.POST("/api/inspections/{inspection_id}/comments", { params: { path: { inspection_id } }, body: { comments } })),
  signatureAddress: (id: string, signature_id: string) => `/api/inspections/${id}/signatures/${signature_id}`,
};

/** What opens by an officer's code alone, without signing in. */
export const publicVisits = {
  read: (token: string) => answer<wire.VisitShown>(api.GET("/api/public/visits/{token}", { params: { path: { token } } })),
  paperAddress: (token: string, name: string) => `/api/public/visits/${encodeURIComponent(token)}/documents/${name}.pdf`,
};

export const addresses = {
  read: () => answer<Body["AddressesOut"]>(api.GET("/api/addresses")),
};

export const law = {
  checklists: () => answer<wire.Checklist[]>(api.GET("/api/checklists")),
};

const problem = (problem_id: string) => ({ params: { path: { problem_id } } });
export const problems = {
  list: (asked: Asked<"/api/problems"> = {}) => answer<wire.Page<wire.Problem>>(api.GET("/api/problems", { params: query(asked) })),
  read: (id: string) => answer<wire.ProblemRecord>(api.GET("/api/problems/{problem_id}", problem(id))),
  order: (id: string, body: Body["OrderIn"]) => answer<wire.Problem>(api.POST("/api/problems/{problem_id}/order", { ...problem(id), body })),
  claim: (id: string, body: Body["ClaimIn"]) => answer<wire.Problem>(api.POST("/api/problems/{problem_id}/claim", { ...problem(id), body })),
  return: (id: string, body: Body["ReturnIn"]) => answer<wire.Problem>(api.POST("/api/problems/{problem_id}/return", { ...problem(id), body })),
  closeOut: (id: string, body: Body["CloseOutIn"]) => answer<wire.Problem>(api.POST("/api/problems/{problem_id}/close_out", { ...problem(id), body })),
  setLookBackDay: (id: string, due_on: string) =>
    answer<wire.Problem>(api.POST("/api/problems/{problem_id}/look_back_day", { ...problem(id), body: { due_on } })),
  lookBack: (id: string, body: Body["LookBackIn"]) => answer<wire.Problem>(api.POST("/api/problems/{problem_id}/look_back", { ...problem(id), body })),
  sealEvidence: (id: string, form: FormData) => answer<wire.Evidence>(api.POST("/api/problems/{problem_id}/evidence", { ...problem(id), ...asForm(form) })),
};

export const evidence = {
  fileAddress: (id: string) => `/api/evidence/${id}/file`,
};

const stream = (stream_id: string) => ({ params: { path: { stream_id } } });
export const streams = {
  list: () => answer<wire.Stream[]>(api.GET("/api/streams")),
  /** Good for one look that begins within a minute; the look is logged. */
  viewTicket: (stream_id: string) => answer<Body["TicketOut"]>(api.POST("/api/streams/{stream_id}/view_ticket", stream(stream_id))),
  diagnosis: (id: string) => answer<wire.Diagnosis>(api.GET("/api/streams/{stream_id}/diagnosis", stream(id))),
  fileClip: (id: string, body: Body["ClipIn"]) => answer<wire.Filed>(api.POST("/api/streams/{stream_id}/clips", { ...stream(id), body })),
  receiveSighting: (id: string, body: wire.SightingIn) => answer<wire.Clue>(api.POST("/api/streams/{stream_id}/sightings", { ...stream(id), body })),
  fileSnapshot: (id: string, form: FormData) => answer<wire.Filed>(api.POST("/api/streams/{stream_id}/snapshots", { ...stream(id), ...asForm(form) })),
};

const tracker = (tracker_id: string) => ({ params: { path: { tracker_id } } });
export const trackers = {
  list: (asked: Asked<"/api/trackers"> = {}) => answer<wire.Page<wire.Tracker>>(api.GET("/api/trackers", { params: query(asked) })),
  own: () => answer<wire.Tracker[]>(api.GET("/api/trackers/own")),
  register: (body: wire.NewTracker) => answer<wire.TrackerKey>(api.POST("/api/trackers", { body })),
  registerOwn: (body: Body["OwnTrackerIn"]) => answer<wire.TrackerKey>(api.POST("/api/trackers/own", { body })),
  renewKey: (id: string) => answer<wire.TrackerKey>(api.POST("/api/trackers/{tracker_id}/renew_key", tracker(id))),
  close: (id: string, reason: string) => answer<wire.Tracker>(api.POST("/api/trackers/{tracker_id}/close", { ...tracker(id), body: { reason } })),
};

const memorandum = (memorandum_id: string) => ({ params: { path: { memorandum_id } } });
export const memoranda = {
  list: (asked: Asked<"/api/memoranda"> = {}) => answer<wire.Page<wire.Memorandum>>(api.GET("/api/memoranda", { params: query(asked) })),
  read: (id: string) => answer<wire.Memorandum>(api.GET("/api/memoranda/{memorandum_id}", memorandum(id))),
  preview: (id: string) => answer<wire.Prospect[]>(api.GET("/api/memoranda/{memorandum_id}/preview", memorandum(id))),
  draft: (body: wire.NewMemorandum) => answer<wire.Memorandum>(api.POST("/api/memoranda", { body })),
  rewrite: (id: string, body: wire.NewMemorandum) => answer<wire.Memorandum>(api.PUT("/api/memoranda/{memorandum_id}", { ...memorandum(id), body })),
  offer: (id: string) => answer<wire.Memorandum>(api.POST("/api/memoranda/{memorandum_id}/offer", memorandum(id))),
  revise: (id: string) => answer<wire.Memorandum>(api.POST("/api/memoranda/{memorandum_id}/revise", memorandum(id))),
  discard: (id: string, reason: string) => answer<wire.Memorandum>(api.POST("/api/memoranda/{memorandum_id}/discard", { ...memorandum(id), body: { reason } })),
  sign: (id: string, text_digest: string) => answer<wire.Memorandum>(api.POST("/api/memoranda/{memorandum_id}/sign", { ...memorandum(id), body: { text_digest } })),
  leave: (id: string, reason: string) => answer<wire.Memorandum>(api.POST("/api/memoranda/{memorandum_id}/leave", { ...memorandum(id), body: { reason } })),
};

const referral = (referral_id: string) => ({ params: { path: { referral_id } } });
export const referrals = {
  list: (asked: Omit<Asked<"/api/referrals">, "state"> & { state?: wire.Referral["state"] }) => answer<wire.Page<wire.Referral>>(api.GET("/api/referrals", { params: query<"/api/referrals">(asked) })),
  read: (id: string) => answer<wire.Referral>(api.GET("/api/referrals/{referral_id}", referral(id))),
  proposal: (lon: number | null, lat: number | null) => answer<wire.Proposal>(api.GET("/api/referrals/proposal", { params: query({ lon, lat }) })),
  send: (body: wire.NewReferral) => answer<wire.Referral>(api.POST("/api/referrals", { body })),
  accept: (id: string) => answer<wire.Referral>(api.POST("/api/referrals/{referral_id}/accept", referral(id))),
  giveBack: (id: string, reason: string) => answer<wire.Referral>(api.POST("/api/referrals/{referral_id}/return", { ...referral(id), body: { reason } })),
  withdraw: (id: string, reason: string) => answer<wire.Referral>(api.POST("/api/referrals/{referral_id}/withdraw", { ...referral(id), body: { reason } })),
  ask: (id: string, reason: string) => answer<wire.Referral>(api.POST("/api/referrals/{referral_id}/ask", { ...referral(id), body: { reason } })),
  designate: (id: string, area_code: string) => answer<wire.Referral>(api.POST("/api/referrals/{referral_id}/designate", { ...referral(id), body: { area_code } })),
};

const mission = (mission_id: string) => ({ params: { path: { mission_id } } });
export const drones = {
  aircraft: (asked: Asked<"/api/aircraft"> = {}) => answer<wire.Page<wire.Aircraft>>(api.GET("/api/aircraft", { params: query(asked) })),
  registerAircraft: (body: wire.NewAircraft) => answer<wire.Aircraft>(api.POST("/api/aircraft", { body })),
  linkAutopilot: (aircraft_id: string, system_id: number) => answer<wire.AutopilotKey>(api.POST("/api/aircraft/{aircraft_id}/autopilot", { params: { path: { aircraft_id } }, body: { system_id } })),
  zones: () => answer<wire.NoFlyZone[]>(api.GET("/api/no-fly-zones")),
  setZone: (body: wire.NewNoFlyZone) => answer<wire.NoFlyZone>(api.POST("/api/no-fly-zones", { body })),
  liftZone: (zone_id: string, reason: string) => answer<void>(api.POST("/api/no-fly-zones/{zone_id}/lift", { params: { path: { zone_id } }, body: { reason } })),
  heightRule: () => answer<wire.LegalBasis & { value?: number; note?: string }>(api.GET("/api/flight-height-rule")),
  list: (asked: Asked<"/api/missions"> = {}) => answer<wire.Page<wire.MissionBrief>>(api.GET("/api/missions", { params: query(asked) })),
  read: (id: string) => answer<wire.Mission>(api.GET("/api/missions/{mission_id}", mission(id))),
  draft: (body: wire.NewMission) => answer<wire.Mission>(api.POST("/api/missions", { body })),
  release: (id: string, body: Body["ReleaseIn"]) => answer<wire.Mission>(api.POST("/api/missions/{mission_id}/release", { ...mission(id), body })),
  reportFlown: (id: string) => answer<wire.Mission>(api.POST("/api/missions/{mission_id}/report_flown", mission(id))),
  cancel: (id: string, reason: string) => answer<wire.Mission>(api.POST("/api/missions/{mission_id}/cancel", { ...mission(id), body: { reason } })),
  seen: (id: string) => answer<wire.MissionSeen>(api.GET("/api/missions/{mission_id}/seen", mission(id))),
  orders: (id: string) => answer<wire.FlightOrder[]>(api.GET("/api/missions/{mission_id}/orders", mission(id))),
  media: (id: string) => answer<wire.MissionMedia>(api.GET("/api/missions/{mission_id}/media", mission(id))),
  orderFlight: (id: string, body: Body["FlightOrderIn"]) => answer<wire.FlightOrder>(api.POST("/api/missions/{mission_id}/orders", { ...mission(id), body })),
  stopFlight: (order_id: string, reason: string) => answer<wire.FlightOrder>(api.POST("/api/flight-orders/{order_id}/stop", { params: { path: { order_id } }, body: { reason } })),
  /** One flight as a route file for DJI aircraft; flights are numbered from 1. */
  kmzAddress: (id: string, number: number) => `/api/missions/${id}/flights/${number}.kmz`,
};

const dock = (dock_id: string) => ({ params: { path: { dock_id } } });
export const docks = {
  list: () => answer<wire.Dock[]>(api.GET("/api/docks")),
  register: (body: wire.NewDock) => answer<wire.Dock>(api.POST("/api/docks", { body })),
  media: (id: string) => answer<wire.FlightMedia[]>(api.GET("/api/docks/{dock_id}/media", dock(id))),
  startPicture: (id: string) => answer<wire.Dock>(api.POST("/api/docks/{dock_id}/start_picture", dock(id))),
  stopPicture: (id: string) => answer<wire.Dock>(api.POST("/api/docks/{dock_id}/stop_picture", dock(id))),
};

export const oversight = {
  efficiency: (asked: GetQuery<"/api/efficiency">) => answer<wire.Efficiency>(api.GET("/api/efficiency", { params: { query: asked } })),
  rows: (asked: FigureQuery & { limit?: unknown; cursor?: unknown }) =>
    answer<wire.Page<Record<string, unknown>>>(api.GET("/api/efficiency/rows", { params: { query: filled(asked as Query) as GetQuery<"/api/efficiency/rows"> } })),
  ledger: (subject_id: string) => answer<wire.LedgerEntry[]>(api.GET("/api/ledger", { params: { query: { subject_id } } })),
};
