/** What was put right on the spot, sampled and noted, against the deeds that said so; row by row as in `rows`. */
import { equal, type Case, type Doc } from "./case";
import { finding, text, type Finding } from "./findings";
import { DEEDS, INSPECTION, MOVES, PROBLEMS, SAMPLES, SUPPORT } from "./form";
import { clock, deedsOf, differences, fewest, oneToOne, other, rowless, said, take, type Columns } from "./rows";

const ON_SPOT: Columns = { on_spot_at: ["happened_at"], on_spot_confirmed_by: ["payload", "confirmed_by"] };
const SAMPLE: Columns = {
  ...said("medium", "said", "party_present", "note"), sampled_at: ["happened_at"], lon: ["lon"], lat: ["lat"], task_id: ["task_id"],
};
const NOTE: Columns = { ...said("asked", "people_count"), noted_at: ["happened_at"], task_id: ["task_id"] };

/** Every difference between these rows and the deeds they came from. */
export function checkSite(record: Case): Finding[] {
  const visit = record.one(INSPECTION);
  if (visit.get("origin") === "import" || visit.isEmpty) return [];
  return [...checkOnSpot(record), ...checkSamples(record), ...checkNote(record)];
}

function checkOnSpot(record: Case): Finding[] {
  const visitId = record.one(INSPECTION).get("id");
  const deeds = new Map(deedsOf(record, "rectify_on_spot").map((doc) => [text(doc.get("deed", "payload", "problem_id")), doc]));
  const found: Finding[] = [];
  for (const row of record.under(PROBLEMS)) {
    const deed = take(deeds, text(row.get("id")));
    if (!equal(row.get("inspection_id"), visitId) || (deed === undefined && row.get("on_spot_at") === null)) continue;
    found.push(...oneToOne(row, deed, ON_SPOT));
    if (deed !== undefined && !isClaimed(record, row, deed)) found.push(finding("row.missing", deed.path, MOVES, null, [MOVES]));
  }
  return [...found, ...rowless(deeds.values(), PROBLEMS)];
}

/** Whether a move of the problem claims in the deed's words, on its evidence, by who sent it. */
function isClaimed(record: Case, problem: Doc, deed: Doc): boolean {
  const expected = [deed.get("deed", "payload", "statement"), deed.get("deed", "payload", "evidence_ids"), deed.get("sent", "account_id")];
  return record
    .under(MOVES)
    .some(
      (move) =>
        move.get("verb") === "claim" &&
        equal(move.get("problem_id"), problem.get("id")) &&
        equal([move.get("words"), move.get("evidence_ids"), move.get("moved_by")], expected),
    );
}

function checkSamples(record: Case): Finding[] {
  const deeds = new Map(deedsOf(record, "take_sample").map((doc) => [text(doc.get("deed", "id")), doc]));
  const found = record.under(SAMPLES).flatMap((row) => oneToOne(row, take(deeds, text(row.get("id"))), SAMPLE));
  return [...found, ...rowless(deeds.values(), SAMPLES)];
}

/** The last note by the device's clock counts; of two at one instant either may. */
function checkNote(record: Case): Finding[] {
  const [row, deeds] = [record.one(SUPPORT), deedsOf(record, "note_support")];
  if (row.isEmpty) return rowless(deeds, SUPPORT);
  if (deeds.length === 0) return [finding("row.without_deed", row.path, null, null, [DEEDS, INSPECTION])];
  const latest = deeds.map(clock).reduce((one, another) => (one > another ? one : another));
  return fewest(deeds.filter((doc) => clock(doc) === latest).map((doc) => differs(row, doc)));
}

function differs(row: Doc, deed: Doc): Finding[] {
  const lists = ["advice", "materials"].flatMap((name) => {
    const expected = deed.get("deed", "payload", name) ?? [];
    return equal(row.get(name), expected) ? [] : [other(row, name, expected, deed, DEEDS)];
  });
  return [...differences(row, deed, NOTE, DEEDS), ...lists];
}
