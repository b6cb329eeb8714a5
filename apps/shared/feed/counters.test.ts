import { expect, it } from "vitest";
import { countersOf } from "./counters";
import { pictureFrom, type OfficerItem, type ProblemItem, type TaskItem } from "./picture";

const officer = (id: string, is_on_duty: boolean): OfficerItem => ({
  id, is_on_duty, name: id, agency_name: "", area_code: "370103", task_id: null, lon: null, lat: null, position_at: null,
});
const task = (id: string, state: string, officer_ids: string[]): TaskItem => ({
  id, state, officer_ids, number: id, title: "", kind: "routine", mode: "local", area_code: "370103", source_name: null, lon: null, lat: null, due_on: null, answers: [], assigned_at: null, answer_by_at: null, chased_at: null,
});
const problem = (id: string, state: string, rectify_by_on: string | null, closed_at: string | null = null): ProblemItem => ({
  id, state, rectify_by_on, closed_at, number: id, element: "air", severity: "minor", area_code: "370103", source_id: null, source_name: null,
  lon: null, lat: null, found_at: "2026-03-01T00:00:00Z",
});

it("counts the very rows it opens to, by the Beijing day", () => {
  const byId = <T extends { id: string }>(items: T[]) => Object.fromEntries(items.map((item) => [item.id, item]));
  const counters = countersOf(
    pictureFrom({
      seq: 1, as_of: "2026-03-10T00:00:00Z", clues: {}, ticker: [],
      officers: byId([officer("lin", true), officer("wang", true), officer("zhao", false)]),
      tasks: byId([task("t1", "on_site", ["lin", "zhao"]), task("t2", "accepted", ["wang"])]),
      problems: byId([
        problem("late", "ordered", "2026-03-09"),
        problem("today", "claimed", "2026-03-10"),
        problem("new", "found", null),
        problem("again", "relapsed", "2026-03-01"),
        problem("closed_late_evening", "closed", "2026-03-01", "2026-03-09T16:00:00Z"),
        problem("closed_before", "settled", "2026-03-01", "2026-03-09T15:59:59Z"),
      ]),
    }),
    "2026-03-10",
  );
  const ids = Object.fromEntries(Object.entries(counters).map(([name, rows]) => [name, rows.map((row: { id: string }) => row.id)]));
  expect(ids).toEqual({
    on_duty: ["lin", "wang"],
    on_site: ["lin", "zhao"],
    open: ["again", "late", "today", "new"],
    overdue: ["again", "late"],
    closed_today: ["closed_late_evening"],
  });
});
