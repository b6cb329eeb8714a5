import type { CounterName, Counters } from "@shared/feed/counters";
import type { ClueItem, OfficerItem, Picture, ProblemItem } from "@shared/feed/picture";
import { t, w } from "@shared/terms";
import { ageText, deadlineText, dateTime } from "@shared/ui/time";

export interface DrawerRow {
  room: "problems" | "clues" | "officers";
  id: string;
  title: string;
  about: string;
  aside: string;
  isLate: boolean;
  state: { group: string; value: string } | null;
}

interface Ground { picture: Picture; today: string; now: number; areaName: (code: string) => string }

/** The rows that a counter counts. */
export function counterRows(name: CounterName, counters: Counters, ground: Ground): DrawerRow[] {
  return name === "on_duty" || name === "on_site"
    ? counters[name].map((officer) => officerRow(officer, ground))
    : counters[name].map((problem) => problemRow(problem, ground));
}

export const clueRows = (clues: ClueItem[], ground: Ground): DrawerRow[] =>
  clues.map((clue) => ({
    room: "clues",
    id: clue.id,
    title: `${t(`clue.kind.${clue.kind}`)} ${clue.number}`,
    about: `${ground.areaName(clue.area_code)} · ${t(`element.${clue.element}`)}`,
    aside: ageText(clue.received_at, ground.now),
    isLate: false,
    state: { group: "clue.state", value: clue.state },
  }));

function officerRow(officer: OfficerItem, { picture, now, areaName }: Ground): DrawerRow {
  const task = officer.task_id ? picture.tasks[officer.task_id] : undefined;
  return {
    room: "officers",
    id: officer.id,
    title: officer.name,
    about: `${officer.agency_name || areaName(officer.area_code)}${task ? ` · ${task.title}` : ""}`,
    aside: w(`位置 ${ageText(officer.position_at, now)}`, `position ${ageText(officer.position_at, now)}`),
    isLate: false,
    state: task ? { group: "task.state", value: task.state } : null,
  };
}

function problemRow(problem: ProblemItem, { today, areaName }: Ground): DrawerRow {
  const isLate = problem.closed_at === null && problem.rectify_by_on !== null && problem.rectify_by_on < today;
  const isOver = problem.state === "closed" || problem.state === "settled";
  return {
    room: "problems",
    id: problem.id,
    title: problem.source_name ?? problem.number,
    about: `${problem.number} · ${areaName(problem.area_code)} · ${t(`element.${problem.element}`)} · ${t(`severity.${problem.severity}`)}`,
    aside: isOver ? dateTime(problem.closed_at) : deadlineText(problem.rectify_by_on, today),
    isLate: isLate && !isOver,
    state: { group: "problem.state", value: problem.state },
  };
}
