import type { Team } from "@shared/client/types";

export interface Step { kind: "assigned" | "accepted" | "arrived" | "reported"; at: number }
export interface Lane { team: Team; steps: Step[]; found: number[]; closed: number[] }
export interface Axis { since: number; until: number; lanes: Lane[]; hours: number[] }

const HOUR_MS = 3_600_000;
const instant = (at: string): number => Date.parse(at);

/** How far a team has come, in the order of time. */
export function stepsOf(team: Team): Step[] {
  const named: [Step["kind"], string | null][] = [["assigned", team.assigned_at], ["accepted", team.accepted_at], ["arrived", team.arrived_at], ["reported", team.reported_at]];
  return named.flatMap(([kind, at]) => (at === null ? [] : [{ kind, at: instant(at) }])).sort((a, b) => a.at - b.at);
}

const MINUTE_MS = 60_000;
const STEPS_MIN = [2, 5, 10, 30, 60, 180];
const MOST_MARKS = 9;

/** The axis: from the first step of the last day, at least ten minutes back, to now; `hours` are its marks. */
export function axisOf(teams: readonly Team[], now: number): Axis {
  const lanes = teams.map((team) => ({ team, steps: stepsOf(team), found: team.found_at.map(instant), closed: team.closed_at.map(instant) }));
  const instants = lanes.flatMap((lane) => [...lane.steps.map((step) => step.at), ...lane.found, ...lane.closed]).filter((at) => at > now - 24 * HOUR_MS && at <= now);
  const first = Math.min(now - 10 * MINUTE_MS, ...instants);
  const step = MINUTE_MS * (STEPS_MIN.find((minutes) => (now - first) / (minutes * MINUTE_MS) <= MOST_MARKS) ?? STEPS_MIN.at(-1)!);
  const since = Math.floor(first / step) * step;
  return { since, until: now, lanes, hours: Array.from({ length: Math.floor((now - since) / step) + 1 }, (_, index) => since + index * step) };
}

/** Where on the axis an instant lies, in percent; what was before its beginning stands at its beginning. */
export const leftOf = (at: number, { since, until }: Pick<Axis, "since" | "until">): number => Math.min(100, Math.max(0, (100 * (at - since)) / Math.max(1, until - since)));

const PRESSING: Record<string, number> = { on_site: 0, accepted: 1, assigned: 2, reported: 3, drafted: 4 };
/** Those on site first, then by how far they have come, the newest first. */
export const pressing = (teams: readonly Team[]): Team[] =>
  [...teams].sort((a, b) => (PRESSING[a.state] ?? 9) - (PRESSING[b.state] ?? 9) || instant(b.assigned_at ?? "1970-01-01") - instant(a.assigned_at ?? "1970-01-01"));
