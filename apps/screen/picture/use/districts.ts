import { OPEN_PROBLEM_STATES } from "@shared/feed/counters";
import type { Picture } from "@shared/feed/picture";
import type { Area } from "@shared/client/types";

export interface DistrictRow {
  areaCode: string;
  name: string;
  onDuty: number;
  onSite: number;
  tasks: number;
  reported: number;
  openProblems: number;
}

/** A district is six digits; streets and towns below it count towards it. */
const districtOf = (areaCode: string): string => areaCode.slice(0, 6);

/** Force and progress, one row a district in which there is anything or which this viewer oversees, by code. */
export function districtRows(picture: Picture, areas: Area[]): DistrictRow[] {
  const rows = new Map<string, DistrictRow>();
  const names = new Map(areas.map((area) => [area.area_code, area.name]));
  const row = (areaCode: string): DistrictRow => {
    const code = districtOf(areaCode);
    const known = rows.get(code);
    if (known) return known;
    const fresh = { areaCode: code, name: names.get(code) ?? code, onDuty: 0, onSite: 0, tasks: 0, reported: 0, openProblems: 0 };
    rows.set(code, fresh);
    return fresh;
  };
  const there = new Set(Object.values(picture.tasks).filter((task) => task.state === "on_site").flatMap((task) => task.officer_ids));
  for (const officer of Object.values(picture.officers)) {
    row(officer.area_code).onDuty += officer.is_on_duty ? 1 : 0;
    row(officer.area_code).onSite += there.has(officer.id) ? 1 : 0;
  }
  for (const task of Object.values(picture.tasks)) {
    if (task.state === "cancelled") continue;
    row(task.area_code).tasks += 1;
    row(task.area_code).reported += task.state === "reported" ? 1 : 0;
  }
  for (const problem of Object.values(picture.problems)) {
    if (OPEN_PROBLEM_STATES.includes(problem.state)) row(problem.area_code).openProblems += 1;
  }
  return [...rows.values()].sort((a, b) => a.areaCode.localeCompare(b.areaCode));
}
