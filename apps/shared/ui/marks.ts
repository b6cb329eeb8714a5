/**
 * How a state looks everywhere: colour, and a shape for those who do not see the colour.
 * The colours are Okabe and Ito's set for colour-blind readers.
 */
export interface Mark { colour: string; sign: string }

export const COLOURS = {
  blue: "#0072b2",
  sky: "#56b4e9",
  green: "#009e73",
  orange: "#e69f00",
  vermilion: "#d55e00",
  purple: "#cc79a7",
  grey: "#6b7585",
} as const;

const MARKS: Record<string, Record<string, Mark>> = {
  "problem.state": {
    found: { colour: COLOURS.vermilion, sign: "▲" },
    ordered: { colour: COLOURS.orange, sign: "◆" },
    claimed: { colour: COLOURS.blue, sign: "◐" },
    closed: { colour: COLOURS.green, sign: "✓" },
    settled: { colour: COLOURS.grey, sign: "■" },
    relapsed: { colour: COLOURS.purple, sign: "↺" },
  },
  "task.state": {
    drafted: { colour: COLOURS.vermilion, sign: "○" },
    assigned: { colour: COLOURS.orange, sign: "◔" },
    accepted: { colour: COLOURS.blue, sign: "◑" },
    on_site: { colour: COLOURS.sky, sign: "●" },
    reported: { colour: COLOURS.green, sign: "✓" },
    cancelled: { colour: COLOURS.grey, sign: "✕" },
  },
  "clue.state": {
    received: { colour: COLOURS.vermilion, sign: "○" },
    accepted: { colour: COLOURS.blue, sign: "◑" },
    settled: { colour: COLOURS.green, sign: "✓" },
    declined: { colour: COLOURS.grey, sign: "✕" },
  },
  "referral.state": {
    sent: { colour: COLOURS.orange, sign: "○" },
    escalated: { colour: COLOURS.vermilion, sign: "!" },
    accepted: { colour: COLOURS.green, sign: "✓" },
    returned: { colour: COLOURS.purple, sign: "↺" },
    withdrawn: { colour: COLOURS.grey, sign: "✕" },
    asked: { colour: COLOURS.vermilion, sign: "?" },
    designated: { colour: COLOURS.blue, sign: "◆" },
  },
  "memorandum.state": {
    draft: { colour: COLOURS.grey, sign: "○" },
    offered: { colour: COLOURS.orange, sign: "◑" },
    in_force: { colour: COLOURS.green, sign: "✓" },
    expired: { colour: COLOURS.grey, sign: "■" },
    ended: { colour: COLOURS.grey, sign: "✕" },
    discarded: { colour: COLOURS.grey, sign: "∅" },
  },
  "mission.state": {
    drafted: { colour: COLOURS.orange, sign: "○" },
    released: { colour: COLOURS.blue, sign: "◑" },
    flown: { colour: COLOURS.green, sign: "✓" },
    cancelled: { colour: COLOURS.grey, sign: "✕" },
  },
  "dock.state": {
    idle: { colour: COLOURS.grey, sign: "○" },
    starting: { colour: COLOURS.orange, sign: "◔" },
    sending: { colour: COLOURS.green, sign: "●" },
    stopping: { colour: COLOURS.orange, sign: "◕" },
  },
  "flight_order.state": {
    ordered: { colour: COLOURS.orange, sign: "○" },
    sent: { colour: COLOURS.blue, sign: "◔" },
    ready: { colour: COLOURS.blue, sign: "◑" },
    flying: { colour: COLOURS.sky, sign: "●" },
    flown: { colour: COLOURS.green, sign: "✓" },
    refused: { colour: COLOURS.vermilion, sign: "!" },
    failed: { colour: COLOURS.vermilion, sign: "!!" },
    cancelled: { colour: COLOURS.grey, sign: "✕" },
  },
  "inspection.state": {
    open: { colour: COLOURS.blue, sign: "◑" },
    submitted: { colour: COLOURS.green, sign: "✓" },
  },
  severity: {
    minor: { colour: COLOURS.grey, sign: "!" },
    major: { colour: COLOURS.orange, sign: "!!" },
    severe: { colour: COLOURS.vermilion, sign: "!!!" },
  },
  "look_back.outcome": {
    held: { colour: COLOURS.green, sign: "✓" },
    relapsed: { colour: COLOURS.purple, sign: "↺" },
  },
};

export function markOf(group: string, value: string): Mark {
  return MARKS[group]?.[value] ?? { colour: COLOURS.grey, sign: "·" };
}

/** Every value that has a mark, by glossary group. */
export const MARKED: Record<string, string[]> = Object.fromEntries(Object.entries(MARKS).map(([group, values]) => [group, Object.keys(values)]));
