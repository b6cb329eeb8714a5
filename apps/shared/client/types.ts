/** Short names for the wire shapes, which are generated from the server's own description. */
import type { Fact } from "../feed/picture";
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
export type Stream = Sent<"StreamOut">;
export type Diagnosis = Sent<"DiagnosisOut">;
export type Finding = Schemas["FindingOut"];
export type Filed = Sent<"FiledOut">;
export type Clue = Sent<"ClueOut">;
export type Task = Sent<"TaskOut">;
/** A rule of the rulebook as it was asked for. */
export interface RuleSaid { title: string; value: number | number[]; unit: string; status: string; text: string; doubts: string[] }
export type Carrier = Sent<"CarrierOut">;
export type Way = Sent<"WayOut">;
/** A time that is over: who was where, and what was done. */
export type Replayed = Omit<Sent<"ReplayOut">, "ways" | "facts"> & { ways: Way[]; facts: Fact[] };
export type Candidate = Sent<"CandidateOut">;
/** Who could be sent to a task, the nearest first. */
export type Nearest = Omit<Sent<"NearestOut">, "radii" | "oldest" | "officers"> & { radii: RuleSaid; oldest: RuleSaid; officers: Candidate[] };
/** The sources near the borders of a board. */
export type BorderList = Omit<Sent<"BorderListOut">, "band"> & { band: RuleSaid };
/** 盲区图: who watched which piece of the borders between members. */
export type BorderWatch = Omit<Sent<"BorderWatchOut">, "window"> & { window: RuleSaid };
export type BorderSegment = Sent<"BorderSegmentOut">;
export type BorderSource = Sent<"BorderSourceOut">;
export type CloseOutList = Sent<"CloseOutListOut">;
export type Struck = Sent<"StruckOut">;
export type JointOperation = Sent<"JointOut">;
export type Team = Sent<"TeamOut">;
export type Share = Sent<"ShareOut">;
export type Episode = Omit<Sent<"EpisodeOut">, "radii"> & { radii: RuleSaid };
export type Surrounding = Sent<"SurroundingOut">;
export type Measure = Sent<"MeasureOut">;
export type WallLayout = Sent<"WallLayoutOut">;
export type InspectionBrief = Sent<"InspectionBrief">;
export type Inspection = Omit<Sent<"InspectionOut">, "photos"> & { photos: Evidence[] };
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
export type Problem = WithBasis<Sent<"ProblemOut">>;
export type ProblemRecord = Omit<WithBasis<Sent<"ProblemFileOut">>, "evidence"> & { evidence: Evidence[] };

export type EnterpriseFile = Omit<Sent<"EnterpriseFile">, "problems" | "tasks" | "clues" | "visits"> & {
  problems: Problem[];
  tasks: Task[];
  clues: Clue[];
  visits: InspectionBrief[];
};

export type ProblemBasis = Sent<"ProblemBasisOut">;
/** Everything that a phone keeps of a task. */
export type FieldPack = Omit<Sent<"FieldPack">, "task" | "enterprise_file"> & { task: Task; enterprise_file: EnterpriseFile | null };

export type VisitShown = Sent<"VisitShown">;
export type OfficerCard = Sent<"OfficerCard">;

export type Border = Sent<"BorderOut">;
export type Aircraft = Sent<"AircraftOut">;
export type NewAircraft = Schemas["AircraftIn"];
export type NoFlyZone = Sent<"ZoneOut">;
export type NewNoFlyZone = Schemas["ZoneIn"];
export type MissionBrief = Sent<"MissionBrief">;
export type Mission = Sent<"MissionOut">;
export type Dock = Sent<"DockOut">;
export type NewDock = Schemas["DockIn"];
export type FlightOrder = Sent<"FlightOrderOut">;
export type MissionSeen = Sent<"MissionSeenOut">;
export type FlightMedia = Sent<"FlightMediaOut">;
export type FlightCounts = Sent<"FlightCountsOut">;
export type MissionMedia = Sent<"MissionMediaOut">;
export type NewMission = Schemas["MissionIn"];

export type NewClue = Schemas["ClueIn"];
export type SightingIn = Schemas["SightingIn"];
export type NewTask = Schemas["TaskIn"];

export type ImportPreview = Sent<"ImportPreview">;
export type OutboxReport = Sent<"OutboxReportOut">;
export type ImportReport = Sent<"ImportReportOut">;
export type Figure = Sent<"ComparedOut">;
export type CampaignFigures = Sent<"CampaignFiguresOut">;
export type Efficiency = Sent<"EfficiencyOut">;
export type Tracker = Schemas["TrackerOut"];
export type TrackerKey = Schemas["TrackerKeyOut"];
export type Memorandum = Schemas["MemorandumOut"];
export type NewMemorandum = Schemas["MemorandumIn"];
export type Prospect = Schemas["ProspectOut"];
export type Referral = Schemas["ReferralOut"];
export type NewReferral = Schemas["ReferralIn"];
export type Proposal = Schemas["ProposalOut"];
export type NewTracker = Schemas["TrackerIn"];
export type AutopilotKey = Schemas["AutopilotKeyOut"];
