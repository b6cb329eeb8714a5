/** Which deeds must have been done before another one can be. */
import type { Store } from "./db";
import { isLive, type DeedKind, type DeedRow, type JsonRecord } from "./shapes";

/** The server takes no more forerunners than this. */
export const MOST_NEEDS = 500;

export interface Said { kind: DeedKind; account_id: string; task_id: string; inspection_id: string; payload: JsonRecord }

/** The ids of the deeds of this phone that the server must have done first, in the order they were done. */
export async function forerunners(store: Store, said: Said): Promise<string[]> {
  const rows = await store.deeds.where("task_id").equals(said.task_id).sortBy("seq");
  return needsAmong(rows.filter((row) => row.account_id === said.account_id && isLive(row)), said);
}

function needsAmong(earlier: DeedRow[], said: Said): string[] {
  const ofVisit = earlier.filter((row) => row.inspection_id === said.inspection_id && row.inspection_id !== "");
  switch (said.kind) {
    case "accept_task":
      return [];
    case "arrive_on_site":
      return ids(earlier.filter((row) => row.kind === "accept_task"));
    case "submit_inspection":
      return cut(ofVisit);
    case "resubmit_inspection":
      return ids(ofVisit.filter((row) => row.kind === "amend_record" && row.deed.payload.return_id === said.payload.return_id));
    case "rectify_on_spot":
      return ids(ofVisit.filter((row) => row.kind === "arrive_on_site" || isProblemOf(row, said) || isProofOf(row, said)));
    default:
      return ids(ofVisit.filter((row) => row.kind === "arrive_on_site" || isProblemOf(row, said) || isInterviewOf(row, said)));
  }
}

const OF_PROBLEM: readonly DeedKind[] = ["add_photo", "add_recording", "rectify_on_spot"];
const isProblemOf = (row: DeedRow, said: Said): boolean =>
  row.kind === "find_problem" && OF_PROBLEM.includes(said.kind) && row.deed.payload.problem_id === said.payload.problem_id;
const isProofOf = (row: DeedRow, said: Said): boolean =>
  Array.isArray(said.payload.evidence_ids) && said.payload.evidence_ids.includes(row.id);

/** A signature on an interview is one on what was asked and answered. */
const isInterviewOf = (row: DeedRow, said: Said): boolean =>
  row.kind === "record_interview" && said.kind === "sign_inspection" && row.deed.payload.interview_id === said.payload.interview_id;

/** All of a visit; where that is too many, first those that have no receipt yet, and of answers the last one to an item. */
function cut(rows: DeedRow[]): string[] {
  if (rows.length <= MOST_NEEDS) return ids(rows);
  const last = new Map(rows.filter((row) => row.kind === "answer_item").map((row) => [row.deed.payload.item_key, row.id]));
  const counting = rows.filter((row) => row.kind !== "answer_item" || last.get(row.deed.payload.item_key) === row.id);
  const unsure = counting.filter((row) => row.state !== "accepted");
  const chosen = new Set([...new Set([...unsure, ...counting])].slice(0, MOST_NEEDS).map((row) => row.id));
  return ids(rows.filter((row) => chosen.has(row.id)));
}

const ids = (rows: DeedRow[]): string[] => rows.map((row) => row.id);
