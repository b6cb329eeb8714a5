/** Facts of the ledger against deeds and moves: what was done was announced, and nothing else was announced. */
import { equal, keyOf, type Case, type Doc } from "./case";
import { finding, show, text, type Finding } from "./findings";
import { DEEDS, FACTS, INSPECTION, LOOK_BACKS, MOVES, PHOTOS, PROBLEMS, RETURNS, TASK } from "./form";
import { micros, same } from "./instants";
import { isObject, type Json } from "./plainJson";

const FROM_DEEDS = [
  "InspectionBegun", "ChecklistAnswered", "PhotoAdded", "ProblemFound", "InspectionSigned", "InspectionSubmitted", "TaskAccepted",
  "RecordingAdded", "SampleTaken", "SupportNoted", "CertificateShown", "ParticularsRecorded", "InterviewRecorded", "RecordAmended",
  "InspectionResubmitted",
];
const LEADS_TO: { readonly [name: string]: string } = {
  InspectionBegun: "open", InspectionSubmitted: "submitted", InspectionReturned: "returned", InspectionResubmitted: "submitted",
};
const MOVED: { readonly [verb: string]: string } = {
  find: "ProblemFound", order: "RectificationOrdered", claim: "CloseOutClaimed", return: "ClaimReturned",
  close_out: "ProblemClosed", settle: "ProblemSettled", relapse: "ProblemRelapsed",
};

/** Every difference between the ledger's facts and what the record says was done. */
export function checkFacts(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  if (visit.isEmpty) return [];
  const here = visit.get("origin") === "import" ? [] : [...checkDeeds(record), ...checkArrival(record), ...checkState(record)];
  return [
    ...here, ...checkSeals(record), ...checkMoves(record), ...checkLookBacks(record), ...checkReturns(record), ...checkTask(record),
    ...checkSubjects(record),
  ];
}

function checkDeeds(record: Case): Finding[] {
  const waiting = new Map<string, Doc[]>();
  for (const fact of record.facts(...FROM_DEEDS)) {
    for (const key of announced(fact)) waiting.set(key, [...(waiting.get(key) ?? []), fact]);
  }
  const found: Finding[] = [];
  for (const deed of record.deeds()) {
    for (const [name, key] of announces(record, deed)) {
      const facts = waiting.get(key);
      if (facts !== undefined && facts.length > 0) facts.shift();
      else if (name !== "TaskAccepted") found.push(finding("fact.missing", deed.path, name, null, [FACTS, INSPECTION]));
    }
  }
  const left = new Set([...waiting.values()].flat());
  return [...found, ...Array.from(left, (fact) => finding("fact.without_deed", fact.path, null, show(fact.get("said", "name")), [DEEDS, INSPECTION]))];
}

/** The deeds that a fact tells of, each as a key: as many as there are answers, otherwise one. */
function announced(fact: Doc): string[] {
  const name = fact.get("said", "name");
  const about = [fact.get("said", "subject_id"), fact.get("said", "author_id")];
  if (text(name) === "ChecklistAnswered") {
    const answers = fact.get("payload", "answers");
    const told = (Array.isArray(answers) ? answers : []).map((one) => (Array.isArray(one) && one.length > 0 ? one : [one]));
    const keys = told.map((one) => keyOf(name, ...about, instant(one.at(-1) ?? null), ...one.slice(0, -1)));
    return keys.length > 0 ? keys : [keyOf(name, ...about)];
  }
  const details: { [name: string]: string[] } = {
    PhotoAdded: ["sha256"], InspectionSigned: ["signer", "is_refused"],
    RecordingAdded: ["sha256", "kind"], SampleTaken: ["sample_id", "sample_number", "medium"], SupportNoted: ["people_count"],
    CertificateShown: ["answer"], InterviewRecorded: ["interview_id"], RecordAmended: ["about"],
  };
  const said = (details[text(name)] ?? []).map((column) => fact.get("payload", column));
  return [keyOf(name, ...about, instant(fact.get("said", "happened_at")), ...said)];
}

/** The facts that a deed of this visit announces: their names, and their keys as `announced` makes them. */
function announces(record: Case, deed: Doc): [string, string][] {
  const [kind, visitId] = [deed.get("deed", "kind"), record.one(INSPECTION).get("id")];
  const [author, at] = [deed.get("sent", "account_id"), deed.get("deed", "happened_at")];
  const key = (name: string, subject: Json, when: Json, ...details: Json[]): [string, string] => [
    name, keyOf(name, subject, author, instant(when), ...details),
  ];
  const found = kind === "accept_task" ? [key("TaskAccepted", deed.get("deed", "task_id"), at)] : [];
  if (!isObject(deed.get("deed", "payload")) || !equal(deed.get("deed", "payload", "inspection_id"), visitId)) return found;
  const said = (name: string): Json => deed.get("deed", "payload", name);
  const known: { [kind: string]: () => [string, string] } = {
    arrive_on_site: () => key("InspectionBegun", visitId, at),
    answer_item: () => key("ChecklistAnswered", visitId, at, said("item_key"), said("answer")),
    add_photo: () => key("PhotoAdded", visitId, said("taken_at"), said("sha256")),
    add_recording: () => key("RecordingAdded", visitId, said("taken_at"), said("sha256"), said("kind")),
    take_sample: () => key("SampleTaken", visitId, at, deed.get("deed", "id"), deed.get("deed", "payload", "said", "number"), said("medium")),
    note_support: () => key("SupportNoted", visitId, at, said("people_count")),
    find_problem: () => key("ProblemFound", said("problem_id"), at),
    sign_inspection: () => key("InspectionSigned", visitId, at, said("signer"), said("is_refused") === true),
    submit_inspection: () => key("InspectionSubmitted", visitId, said("ended_at")),
    show_certificate: () => key("CertificateShown", visitId, at, said("answer")),
    record_particulars: () => key("ParticularsRecorded", visitId, at),
    record_interview: () => key("InterviewRecorded", visitId, at, said("interview_id")),
    amend_record: () => key("RecordAmended", visitId, at, said("about")),
    resubmit_inspection: () => key("InspectionResubmitted", visitId, at),
  };
  return Object.hasOwn(known, text(kind)) ? [...found, known[text(kind)]!()] : found;
}

function instant(value: Json): string {
  const found = micros(value);
  return found === null ? text(value) : String(found);
}

function checkArrival(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  const columns = ["officer_ids", "lon", "lat", "accuracy_m", "distance_m"];
  return record.facts("InspectionBegun").slice(0, 1).flatMap((fact) =>
    columns.filter((column) => !equal(fact.get("payload", column), visit.get(column)))
      .map((column) => differs(visit, column, fact.get("payload", column), fact)));
}

/** The visit stands where the last of its moves left it. */
function checkState(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  return record.facts(...Object.keys(LEADS_TO)).slice(-1).flatMap((fact) => {
    const state = LEADS_TO[text(fact.get("said", "name"))]!;
    if (equal(visit.get("state"), state)) return [];
    return [finding("fact.differs", `${visit.path}#/state`, state, show(visit.get("state")), [FACTS])];
  });
}

const differs = (row: Doc, column: string, said: Json, fact: Doc): Finding =>
  finding("fact.differs", `${row.path}#/${column}`, show(said), show(row.get(column)), [fact.path]);

/** Every item of evidence was sealed once, as it stands. */
function checkSeals(record: Case): Finding[] {
  const sealed = new Map(record.facts("EvidenceSealed").map((fact) => [text(fact.get("said", "subject_id")), fact]));
  const found: Finding[] = [];
  for (const row of record.under(PHOTOS)) {
    const fact = sealed.get(text(row.get("id")));
    sealed.delete(text(row.get("id")));
    if (fact === undefined) {
      found.push(finding("fact.missing", row.path, "EvidenceSealed", null, [FACTS]));
      continue;
    }
    for (const column of ["sha256", "size", "purpose"]) {
      const said = fact.get("payload", column);
      if (!equal(said, row.get(column))) found.push(differs(row, column, said, fact));
    }
    const taken = fact.get("said", "happened_at");
    if (!same(taken, row.get("taken_at"))) found.push(differs(row, "taken_at", taken, fact));
  }
  return [...found, ...Array.from(sealed.values(), (fact) => finding("fact.without_row", fact.path, PHOTOS, null, [PHOTOS]))];
}

/** The history of every problem: each move begins where the last ended, and each was announced, in this order. */
function checkMoves(record: Case): Finding[] {
  const found: Finding[] = [];
  for (const problem of record.under(PROBLEMS)) {
    const moves = record.under(MOVES).filter((move) => equal(move.get("problem_id"), problem.get("id")));
    const at = (move: Doc): bigint => micros(move.get("moved_at")) ?? 0n;
    moves.sort((one, other) => (at(one) === at(other) ? (one.path < other.path ? -1 : 1) : at(one) < at(other) ? -1 : 1));
    let state: Json = null;
    for (const move of moves) {
      const before = move.get("before");
      if (!equal(before, state)) found.push(finding("move.before", `${move.path}#/before`, show(state), show(before), [MOVES]));
      state = move.get("after");
    }
    const last = problem.get("state");
    if (!equal(last, state)) found.push(finding("move.last", `${problem.path}#/state`, show(state), show(last), [MOVES]));
    found.push(...announcedMoves(record, problem, moves));
  }
  return found;
}

function announcedMoves(record: Case, problem: Doc, moves: readonly Doc[]): Finding[] {
  const facts = record.facts(...Object.values(MOVED)).filter((one) => equal(one.get("said", "subject_id"), problem.get("id")));
  for (const [place, move] of moves.entries()) {
    const verb = text(move.get("verb"));
    const name = Object.hasOwn(MOVED, verb) ? MOVED[verb]! : null;
    const fact = facts[place];
    const isTold = fact !== undefined && fact.get("said", "name") === name && equal(fact.get("said", "author_id"), move.get("moved_by"));
    if (!isTold) return [finding("move.unannounced", move.path, name, fact === undefined ? null : show(fact.get("said", "name")), [FACTS, MOVES])];
  }
  const extra = facts[moves.length];
  return extra === undefined ? [] : [finding("fact.without_row", extra.path, MOVES, null, [MOVES])];
}

function checkLookBacks(record: Case): Finding[] {
  const held = new Map(record.facts("LookBackHeld").map((fact) => [text(fact.get("payload", "look_back_id")), fact]));
  const found: Finding[] = [];
  for (const row of record.under(LOOK_BACKS)) {
    const fact = held.get(text(row.get("id")));
    held.delete(text(row.get("id")));
    const outcome = fact === undefined ? null : fact.get("payload", "outcome");
    if (equal(row.get("outcome"), outcome)) continue;
    found.push(finding("fact.differs", `${row.path}#/outcome`, show(outcome), show(row.get("outcome")), [fact === undefined ? FACTS : fact.path]));
  }
  return [...found, ...Array.from(held.values(), (fact) => finding("fact.without_row", fact.path, LOOK_BACKS, null, [LOOK_BACKS]))];
}

/** Every return of the record was announced, in this order, with as many comments. */
function checkReturns(record: Case): Finding[] {
  const [facts, rows] = [record.facts("InspectionReturned"), record.under(RETURNS)];
  for (const [place, row] of rows.entries()) {
    const comments = row.get("comments");
    const made = [row.get("returned_by"), Array.isArray(comments) ? comments.length : null];
    const fact = facts[place];
    if (fact === undefined || !equal([fact.get("said", "author_id"), fact.get("payload", "count")], made)) {
      return [finding("fact.missing", row.path, "InspectionReturned", null, [FACTS, RETURNS])];
    }
  }
  return facts.slice(rows.length).map((fact) => finding("fact.without_row", fact.path, RETURNS, null, [RETURNS]));
}

function checkTask(record: Case): Finding[] {
  const [task, visit] = [record.one(TASK), record.one(INSPECTION)];
  if (task.isEmpty) return [];
  const found: Finding[] = [];
  if (!equal(task.get("inspection_id"), visit.get("id"))) {
    found.push(finding("task.other_visit", `${TASK}#/inspection_id`, show(visit.get("id")), show(task.get("inspection_id")), [INSPECTION]));
  }
  for (const [name, column] of [["OfficersArrived", "arrived_at"], ["TaskReported", "reported_at"]] as const) {
    for (const fact of record.facts(name)) {
      const said = fact.get("said", "happened_at");
      if (!same(said, task.get(column))) found.push(differs(task, column, said, fact));
    }
  }
  return found;
}

/** A fact speaks of a row of this record, and by its number where it has one. */
function checkSubjects(record: Case): Finding[] {
  const all = [...record.under(PROBLEMS), ...record.under(PHOTOS), record.one(INSPECTION), record.one(TASK)];
  const rows = new Map(all.filter((doc) => all.indexOf(doc) < all.length - 2 || !doc.isEmpty).map((doc) => [text(doc.get("id")), doc]));
  return record.under(FACTS).flatMap((fact) => {
    const [row, number] = [rows.get(text(fact.get("said", "subject_id"))), fact.get("said", "subject", "number")];
    if (row === undefined) return [finding("fact.foreign", fact.path, null, show(fact.get("said", "subject_id")), ["record/"])];
    return number !== null && !equal(number, row.get("number")) ? [differs(row, "number", number, fact)] : [];
  });
}
