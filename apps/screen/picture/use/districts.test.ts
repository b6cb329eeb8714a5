import { expect, it } from "vitest";
import { pictureFrom, type OfficerItem, type TaskItem } from "@shared/feed/picture";
import { districtRows } from "./districts";

const officer = (id: string, area_code: string, is_on_duty: boolean): OfficerItem => ({
  id, area_code, is_on_duty, name: id, agency_name: "", task_id: null, lon: null, lat: null, position_at: null,
});
const task = (id: string, area_code: string, state: string, officer_ids: string[] = []): TaskItem => ({
  id, area_code, state, officer_ids, number: id, title: "", kind: "routine", mode: "cross", source_name: null, lon: null, lat: null, due_on: null, answers: [], assigned_at: null, answer_by_at: null, chased_at: null,
});

it("counts officers where they belong and tasks where they are, streets within their district", () => {
  const rows = districtRows(
    pictureFrom({
      seq: 1, as_of: "2026-03-10T00:00:00Z", problems: {}, clues: {}, ticker: [],
      officers: { lin: officer("lin", "370103", true), wang: officer("wang", "370104", true), zhao: officer("zhao", "370104", false) },
      tasks: { a: task("a", "370104001", "on_site", ["lin"]), b: task("b", "370104", "reported"), c: task("c", "370104", "cancelled") },
    }),
    [{ area_code: "370104", name: "槐荫区", level: "county", parent_code: "370100" }],
  );
  expect(rows).toEqual([
    { areaCode: "370103", name: "370103", onDuty: 1, onSite: 1, tasks: 0, reported: 0, openProblems: 0 },
    { areaCode: "370104", name: "槐荫区", onDuty: 1, onSite: 0, tasks: 2, reported: 1, openProblems: 0 },
  ]);
});
