import type { OfficerItem, Picture, ProblemItem } from "./picture";
import { beijingDay } from "../ui/time";

export const OPEN_PROBLEM_STATES: readonly string[] = ["found", "ordered", "claimed", "relapsed"];

export type CounterName = "on_duty" | "on_site" | "open" | "overdue" | "closed_today";
export const COUNTERS: readonly CounterName[] = ["on_duty", "on_site", "open", "overdue", "closed_today"];

/** Each counter as the very rows it counts, so that a figure and its list can never differ. `today` is a Beijing day. */
export interface Counters {
  on_duty: OfficerItem[];
  on_site: OfficerItem[];
  open: ProblemItem[];
  overdue: ProblemItem[];
  closed_today: ProblemItem[];
}

export function countersOf(picture: Picture, today: string): Counters {
  const officers = Object.values(picture.officers);
  const problems = Object.values(picture.problems);
  const open = problems.filter((problem) => OPEN_PROBLEM_STATES.includes(problem.state)).sort(byDeadline);
  return {
    on_duty: officers.filter((officer) => officer.is_on_duty),
    on_site: officersOnSite(picture),
    open,
    overdue: open.filter((problem) => isOverdue(problem, today)),
    closed_today: problems.filter((problem) => problem.closed_at !== null && beijingDay(problem.closed_at) === today),
  };
}

export function isOverdue(problem: ProblemItem, today: string): boolean {
  return problem.rectify_by_on !== null && problem.rectify_by_on < today && OPEN_PROBLEM_STATES.includes(problem.state);
}

function officersOnSite(picture: Picture): OfficerItem[] {
  const there = new Set(
    Object.values(picture.tasks).filter((task) => task.state === "on_site").flatMap((task) => task.officer_ids),
  );
  return Object.values(picture.officers).filter((officer) => there.has(officer.id));
}

/** The soonest deadline first; what has none yet comes last, oldest first. */
function byDeadline(a: ProblemItem, b: ProblemItem): number {
  const deadline = (a.rectify_by_on ?? "9999").localeCompare(b.rectify_by_on ?? "9999");
  return deadline !== 0 ? deadline : Date.parse(a.found_at) - Date.parse(b.found_at);
}
