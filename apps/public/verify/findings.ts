/** What a check found: what is wrong, where, what was expected and what is there instead. */
import allWords from "../../../rulebook/record_findings.json";
import { canonical, type Json } from "./plainJson";

export const ARCHIVE = "archive";
const LONGEST_SHOWN = 300;
const WORDS: Record<string, { zh: string; en: string }> = allWords;

/** One thing that is wrong. `against` are the entries, or folders ending in `/`, that the finding rests on. */
export interface Finding {
  code: string;
  where: string;
  expected: string | null;
  got: string | null;
  against: readonly string[];
}

export interface Check {
  name: string;
  checked: number;
  findings: readonly Finding[];
}

export interface FindingBody {
  code: string;
  where: string;
  expected: string | null;
  got: string | null;
  words_zh: string;
  words_en: string;
}

/** All checks of one archive, as `liandong record verify --json` prints them. `format` is null if it is no record. */
export interface ReportBody {
  ok: boolean;
  format: string | null;
  inspection: { [name: string]: string } | null;
  key: { public_key: string | null; pinned: boolean };
  checks: { name: string; ok: boolean; checked: number }[];
  findings: FindingBody[];
}

export const finding = (
  code: string,
  where: string,
  expected: string | null = null,
  got: string | null = null,
  against: readonly string[] = [],
): Finding => ({ code, where, expected, got, against });

export const entryOf = (one: Finding): string => one.where.split("#", 1)[0]!;

export class Report {
  format: string | null = null;
  inspection: { [name: string]: string } | null = null;
  publicKey: string | null = null;
  isPinned = false;
  readonly checks: Check[] = [];

  get findings(): Finding[] {
    const seen = new Map<string, Finding>();
    for (const one of this.checks.flatMap((check) => check.findings)) {
      const key = JSON.stringify([one.code, one.where, one.expected, one.got, one.against]);
      if (!seen.has(key)) seen.set(key, one);
    }
    return [...seen.values()];
  }

  body(): ReportBody {
    const findings = this.findings.map(bodyOf);
    return {
      ok: this.format !== null && findings.length === 0,
      format: this.format,
      inspection: this.inspection,
      key: { public_key: this.publicKey, pinned: this.isPinned },
      checks: this.checks.map((one) => ({ name: one.name, ok: one.findings.length === 0, checked: one.checked })),
      findings,
    };
  }
}

function bodyOf(one: Finding): FindingBody {
  const said = { code: one.code, where: one.where, expected: one.expected, got: one.got };
  const words = WORDS[one.code]!;
  return { ...said, words_zh: fill(words.zh, said), words_en: fill(words.en, said) };
}

function fill(text: string, values: { [name: string]: string | null }): string {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, () => value || "—"), text);
}

/** A value as a finding shows it: text as it is, anything else as canonical JSON; null stays null. */
export function show(value: Json): string | null {
  if (value === null) return null;
  const shown = typeof value === "string" ? value : canonical(value);
  const letters = Array.from(shown);
  return letters.length <= LONGEST_SHOWN ? shown : `${letters.slice(0, LONGEST_SHOWN).join("")}…`;
}

/** A value as text that can be compared and sorted; empty for null. */
export const text = (value: Json): string => show(value) ?? "";

/** The findings that say something new, once it is sure which entries were altered. */
export function withoutConsequences(findings: readonly Finding[], altered: ReadonlySet<string>): Finding[] {
  return findings.filter((one) => altered.has(entryOf(one)) || !restsOn(one.against, altered));
}

const restsOn = (against: readonly string[], altered: ReadonlySet<string>): boolean =>
  [...altered].some((path) => against.some((other) => (other.endsWith("/") ? path.startsWith(other) : path === other)));
