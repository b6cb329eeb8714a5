/** Times: what must follow from what, whatever the clocks of the phones were. */
import { equal, type Case, type Doc } from "./case";
import { finding, show, type Finding } from "./findings";
import { CLOCK_TOLERANCE_US, DEEDS, FACTS, INSPECTION, MANIFEST, MOVES, PROBLEMS } from "./form";
import { beijingDay, micros, same } from "./instants";

/** Every time that cannot be. */
export function checkTimes(record: Case, madeAt: string): Finding[] {
  const visit = record.one(INSPECTION);
  const found = day(visit, "inspected_on", "arrived_at");
  const [arrived, ended] = [micros(visit.get("arrived_at")), micros(visit.get("ended_at"))];
  if (arrived !== null && ended !== null && ended < arrived) {
    found.push(finding("time.before", `${visit.path}#/ended_at`, show(visit.get("arrived_at")), show(visit.get("ended_at"))));
  }
  for (const problem of record.under(PROBLEMS)) found.push(...day(problem, "found_on", "found_at"));
  for (const deed of record.under(DEEDS)) {
    const [sent, said] = [deed.get("sent", "happened_at"), deed.get("deed", "happened_at")];
    if (!same(sent, said) && micros(said) !== null) found.push(finding("time.differs", `${deed.path}#/sent/happened_at`, show(said), show(sent)));
    found.push(...notAfter(deed, ["receipt", "received_at"], madeAt));
  }
  for (const fact of record.under(FACTS)) found.push(...notAfter(fact, ["said", "recorded_at"], madeAt));
  for (const move of record.under(MOVES)) found.push(...notAfter(move, ["moved_at"], madeAt));
  return found;
}

function day(row: Doc, column: string, of: string): Finding[] {
  const expected = beijingDay(row.get(of));
  return expected === null || equal(row.get(column), expected) ? [] : [finding("time.day", `${row.path}#/${column}`, expected, show(row.get(column)))];
}

function notAfter(doc: Doc, names: readonly string[], madeAt: string): Finding[] {
  const [instant, made] = [micros(doc.get(...names)), micros(madeAt)];
  if (instant !== null && made !== null && instant <= made + CLOCK_TOLERANCE_US) return [];
  return [finding("time.after_record", `${doc.path}#/${names.join("/")}`, madeAt, show(doc.get(...names)), [MANIFEST])];
}
