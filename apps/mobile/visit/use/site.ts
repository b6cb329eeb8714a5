/** What may be recorded on site, and within which limits: data of the rulebook, taken along in the pack. */
import type { FieldPack } from "@shared/client/types";
import { language } from "@shared/terms";

export interface Choice { key: string; zh: string; en: string }
export interface EvidenceKind { key: string; media_types: string[]; most_bytes: number; most_seconds?: number; status: string; source: string }
export interface Medium extends Choice { standard: string; status: string; source: string }
export interface SamplingField extends Choice { is_required: boolean; choices: string[] }
export interface SiteRules { version: number; kinds: EvidenceKind[]; purposes: Choice[]; stamps: Choice[]; media: Medium[]; sampling_fields: SamplingField[] }

/** The rules of the pack; null if it was kept before there were any. */
export const siteRules = (pack: FieldPack | null): SiteRules | null => (pack?.site_records as unknown as SiteRules | undefined) ?? null;
export const kindOf = (rules: SiteRules | null, key: string): EvidenceKind | null => rules?.kinds.find((kind) => kind.key === key) ?? null;
export const said = (choice: Choice): string => (language.value === "zh" ? choice.zh : choice.en);

/** Visits that help and explain (帮扶、普法). */
export const SUPPORT_KINDS: readonly string[] = ["assistance", "outreach"];
export const isSupport = (kind: string | undefined): boolean => kind !== undefined && SUPPORT_KINDS.includes(kind);

/** What is missing of a sample, in the order of the fields. */
export const missingOf = (rules: SiteRules | null, values: Record<string, string>): SamplingField[] =>
  (rules?.sampling_fields ?? []).filter((field) => field.is_required && (values[field.key] ?? "").trim() === "");
