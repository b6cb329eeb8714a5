/** What the record says of the visit against the deeds that made it: every row has its deed, every deed its row. */
import { equal, keyOf, type Case, type Doc } from "./case";
import { finding, show, text, type Finding } from "./findings";
import { ANSWERS, DEEDS, ENTRIES, INSPECTION, MOVES, PHOTOS, PROBLEMS, SIGNATURES } from "./form";
import { micros, same } from "./instants";
import { isObject, type Json } from "./plainJson";

export type Columns = { readonly [column: string]: readonly string[] };

export const said = (...names: readonly string[]): Columns => Object.fromEntries(names.map((name) => [name, ["payload", name]]));
const ARRIVAL: Columns = {
  id: ["payload", "inspection_id"], task_id: ["task_id"], arrived_at: ["happened_at"], lon: ["lon"], lat: ["lat"], accuracy_m: ["accuracy_m"],
};
const END: Columns = said("conclusion", "ended_at");
const ANSWER: Columns = { ...said("element", "item_key", "answer", "note"), answered_at: ["happened_at"] };
const PHOTO: Columns = { ...said("sha256", "purpose", "caption", "taken_at", "problem_id"), lon: ["lon"], lat: ["lat"], task_id: ["task_id"] };
const PROBLEM: Columns = { ...said("element", "severity", "description"), found_at: ["happened_at"] };
const BEFORE_ORDER: Columns = said("rectify_by_on", "requirement");
const SIGNING: Columns = {
  ...said("signer", "signer_name", "officer_id", "sha256", "refusal_reason", "interview_id", "witness", "pages_seen"), signed_at: ["happened_at"],
};
const ENTRY: Columns = { kind: ["kind"], task_id: ["task_id"], said_at: ["happened_at"] };
const ENTRY_KINDS = ["show_certificate", "record_particulars", "record_interview", "amend_record", "resubmit_inspection"];

/** Every difference between the record's rows and the deeds they came from. */
export function checkRows(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  if (visit.get("origin") === "import" || visit.isEmpty) return [];
  return [
    ...checkVisit(record, visit), ...checkAnswers(record), ...checkPhotos(record), ...checkProblems(record), ...checkSignatures(record),
    ...checkEntries(record),
  ];
}

/** The accepted deeds of a kind that belong to the visit. */
export function deedsOf(record: Case, kind: string): Doc[] {
  const visitId = record.one(INSPECTION).get("id");
  return record.deeds(kind).filter((doc) => equal(doc.get("deed", "payload", "inspection_id"), visitId));
}

function checkVisit(record: Case, visit: Doc): Finding[] {
  const arrivals = record.deeds("arrive_on_site").filter((doc) => equal(doc.get("deed", "task_id"), visit.get("task_id")));
  const ends = deedsOf(record, "submit_inspection");
  const found = [
    ...exactly(arrivals, 1, visit, "arrive_on_site"),
    ...exactly(ends, visit.get("state") !== "open" ? 1 : 0, visit, "submit_inspection"),
  ];
  for (const doc of arrivals.slice(0, 1)) {
    found.push(...differences(visit, doc, ARRIVAL));
    const sent = doc.get("deed", "payload", "officer_ids");
    if (sent !== null && !equal(sent, visit.get("officer_ids"))) found.push(other(visit, "officer_ids", sent, doc));
  }
  for (const doc of ends.slice(0, 1)) found.push(...differences(visit, doc, END));
  return found;
}

const exactly = (deeds: readonly Doc[], count: number, visit: Doc, kind: string): Finding[] =>
  deeds.length === count ? [] : [finding("row.deed_count", visit.path, `${kind}: ${count}`, `${kind}: ${deeds.length}`, [DEEDS])];

/** The last answer by the device's clock counts; of two at one instant either may. */
function checkAnswers(record: Case): Finding[] {
  const given = new Map<string, Doc[]>();
  for (const doc of deedsOf(record, "answer_item")) push(given, item(doc, "deed", "payload"), doc);
  const found: Finding[] = [];
  for (const row of record.under(ANSWERS)) {
    const deeds = given.get(item(row)) ?? [];
    given.delete(item(row));
    if (deeds.length === 0) {
      found.push(finding("row.without_deed", row.path, null, null, [DEEDS, INSPECTION]));
      continue;
    }
    const latest = deeds.map(clock).reduce((one, another) => (one > another ? one : another));
    const last = deeds.filter((doc) => clock(doc) === latest);
    found.push(...fewest(last.map((doc) => differences(row, doc, ANSWER, DEEDS))));
  }
  for (const deeds of given.values()) found.push(...rowless(deeds, ANSWERS));
  return found;
}

const item = (doc: Doc, ...inside: readonly string[]): string => keyOf(doc.get(...inside, "element"), doc.get(...inside, "item_key"));
export const clock = (doc: Doc): bigint => micros(doc.get("sent", "happened_at")) ?? 0n;
export const fewest = <T>(lists: T[][]): T[] => lists.reduce((one, another) => (another.length < one.length ? another : one));

function push(groups: Map<string, Doc[]>, key: string, doc: Doc): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [doc]);
  else group.push(doc);
}

function checkPhotos(record: Case): Finding[] {
  const visitId = record.one(INSPECTION).get("id");
  const taken = [...deedsOf(record, "add_photo"), ...deedsOf(record, "add_recording")];
  const deeds = new Map(taken.map((doc) => [text(doc.get("deed", "id")), doc]));
  const found: Finding[] = [];
  for (const row of record.under(PHOTOS)) {
    if (!equal(row.get("inspection_id"), visitId)) continue;
    const deed = take(deeds, text(row.get("id")));
    found.push(...oneToOne(row, deed, PHOTO));
    if (deed?.get("deed", "kind") === "add_recording") found.push(...recording(row, deed));
  }
  return [...found, ...rowless(deeds.values(), PHOTOS)];
}

/** What only a recording says: its kind, how long it runs, and how a sketch was drawn. */
function recording(row: Doc, deed: Doc): Finding[] {
  const [sketch, length] = [deed.get("deed", "payload", "sketch"), deed.get("deed", "payload", "length_s")];
  const details: Json = { ...(isObject(sketch) ? sketch : {}), ...(length === null ? {} : { length_s: length }) };
  const expected = Object.keys(details).length === 0 ? null : details;
  const found = differences(row, deed, { kind: ["payload", "kind"] });
  return equal(row.get("details"), expected) ? found : [...found, other(row, "details", expected, deed)];
}

export function take(deeds: Map<string, Doc>, key: string): Doc | undefined {
  const found = deeds.get(key);
  deeds.delete(key);
  return found;
}

function checkProblems(record: Case): Finding[] {
  const visitId = record.one(INSPECTION).get("id");
  const ordered = new Set(record.under(MOVES).filter((move) => move.get("verb") === "order").map((move) => text(move.get("problem_id"))));
  const deeds = new Map(deedsOf(record, "find_problem").map((doc) => [text(doc.get("deed", "payload", "problem_id")), doc]));
  const found: Finding[] = [];
  for (const row of record.under(PROBLEMS)) {
    if (!equal(row.get("inspection_id"), visitId)) continue;
    const own = text(row.get("id"));
    found.push(...oneToOne(row, take(deeds, own), ordered.has(own) ? PROBLEM : { ...PROBLEM, ...BEFORE_ORDER }, MOVES));
  }
  return [...found, ...rowless(deeds.values(), PROBLEMS)];
}

/** A signature bears no deed's id: rows and deeds are paired by who signed, then compared. */
function checkSignatures(record: Case): Finding[] {
  const waiting = new Map<string, Doc[]>();
  for (const doc of deedsOf(record, "sign_inspection")) push(waiting, signer(doc, "deed", "payload"), doc);
  const found: Finding[] = [];
  for (const row of record.under(SIGNATURES)) {
    const deeds = waiting.get(signer(row)) ?? [];
    const count = (doc: Doc): number => differences(row, doc, SIGNING).length;
    const deed = deeds.length === 0 ? undefined : deeds.reduce((one, another) => (count(another) < count(one) ? another : one));
    if (deed !== undefined) deeds.splice(deeds.indexOf(deed), 1);
    found.push(...oneToOne(row, deed, SIGNING, DEEDS));
    if (deed === undefined) continue;
    const isRefused = deed.get("deed", "payload", "is_refused") === true;
    if (row.get("is_refused") !== isRefused) found.push(other(row, "is_refused", isRefused, deed));
  }
  return [...found, ...rowless([...waiting.values()].flat(), SIGNATURES)];
}

const signer = (doc: Doc, ...inside: readonly string[]): string =>
  keyOf(doc.get(...inside, "signer"), doc.get(...inside, "officer_id"), doc.get(...inside, "signer_name"));

export function oneToOne(row: Doc, deed: Doc | undefined, columns: Columns, ...against: readonly string[]): Finding[] {
  if (deed === undefined) return [finding("row.without_deed", row.path, null, null, [DEEDS, INSPECTION])];
  return differences(row, deed, columns, ...against);
}

export function differences(row: Doc, deed: Doc, columns: Columns, ...against: readonly string[]): Finding[] {
  return Object.entries(columns).flatMap(([column, names]) => {
    const [got, expected] = [row.get(column), deed.get("deed", ...names)];
    const agrees = column.endsWith("_at") ? same(got, expected) : equal(got, expected);
    return agrees ? [] : [other(row, column, expected, deed, ...against)];
  });
}

export const other = (row: Doc, column: string, expected: Json, deed: Doc, ...against: readonly string[]): Finding =>
  finding("row.differs", `${row.path}#/${column}`, show(expected), show(row.get(column)), [deed.path, ...against]);

export const rowless = (deeds: Iterable<Doc>, folder: string): Finding[] =>
  Array.from(deeds, (doc) => finding("row.missing", doc.path, folder, null, [folder, INSPECTION]));

/** An entry holds what its deed said, but for the visit it belongs to. */
function checkEntries(record: Case): Finding[] {
  const deeds = new Map(ENTRY_KINDS.flatMap((kind) => deedsOf(record, kind)).map((doc) => [text(doc.get("deed", "id")), doc]));
  const found: Finding[] = [];
  for (const row of record.under(ENTRIES)) {
    const deed = take(deeds, text(row.get("id")));
    found.push(...oneToOne(row, deed, ENTRY));
    const payload = deed?.get("deed", "payload") ?? null;
    if (deed === undefined || !isObject(payload)) continue;
    const said: Json = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== "inspection_id"));
    if (!equal(row.get("content"), said)) {
      found.push(finding("row.differs", `${row.path}#/content`, show(said), show(row.get("content")), [deed.path]));
    }
  }
  return [...found, ...rowless(deeds.values(), ENTRIES)];
}
