/** How the rows of a record hang together: each under its own id, of this visit, pointing only to what is here. */
import { equal, type Case, type Doc } from "./case";
import { finding, show, text, type Finding } from "./findings";
import { ANSWERS, ASSIGNMENTS, INSPECTION, LOOK_BACKS, MOVES, PHOTOS, PROBLEMS, RETURNS, SIGNATURES, TASK, URGINGS } from "./form";
import type { Json } from "./plainJson";

const BY_ID = [SIGNATURES, PROBLEMS, MOVES, LOOK_BACKS, PHOTOS, ASSIGNMENTS, URGINGS, RETURNS];
const OF_VISIT: readonly (readonly [string, readonly string[]])[] = [
  [ANSWERS, ["area_code", "task_id"]],
  [SIGNATURES, ["area_code", "task_id"]],
  [RETURNS, ["area_code", "task_id"]],
  [PROBLEMS, ["area_code", "source_id"]],
];

/** Every row that points elsewhere than its place in the record says. */
export function checkBonds(record: Case): Finding[] {
  const found: Finding[] = [];
  for (const folder of BY_ID) {
    for (const row of record.under(folder)) found.push(...bond(row, "id", row.path.slice(folder.length).replace(/\.json$/, ""), []));
  }
  found.push(...toVisitAndTask(record), ...toProblems(record));
  const photos = new Set(record.under(PHOTOS).map((row) => text(row.get("id"))));
  for (const row of record.under(MOVES)) {
    const proofs = row.get("evidence_ids");
    for (const proof of Array.isArray(proofs) ? proofs : []) {
      if (!photos.has(text(proof))) found.push(finding("row.unbound", `${row.path}#/evidence_ids`, null, show(proof), [PHOTOS]));
    }
  }
  return found;
}

function toVisitAndTask(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  const found: Finding[] = [];
  for (const [folder, columns] of OF_VISIT) {
    for (const row of record.under(folder)) {
      found.push(...bond(row, "inspection_id", visit.get("id"), [INSPECTION]));
      for (const column of columns) found.push(...bond(row, column, visit.get(column), [INSPECTION]));
    }
  }
  for (const folder of [ASSIGNMENTS, URGINGS]) {
    for (const row of record.under(folder)) found.push(...bond(row, "task_id", record.one(TASK).get("id"), [TASK]));
  }
  return found;
}

function toProblems(record: Case): Finding[] {
  const problems = new Map(record.under(PROBLEMS).map((row) => [text(row.get("id")), row]));
  return [...record.under(MOVES), ...record.under(LOOK_BACKS)].flatMap((row) => {
    const problem = problems.get(text(row.get("problem_id")));
    if (problem === undefined) return [finding("row.unbound", `${row.path}#/problem_id`, null, show(row.get("problem_id")), [PROBLEMS])];
    return bond(row, "area_code", problem.get("area_code"), [problem.path]);
  });
}

const bond = (row: Doc, column: string, expected: Json, against: readonly string[]): Finding[] =>
  equal(row.get(column), expected) ? [] : [finding("row.unbound", `${row.path}#/${column}`, show(expected), show(row.get(column)), against)];
