import type { Officer } from "@shared/client/types";

/** 行政处罚法 §42: at least two officers, each with a certificate. */
export const LEAST_OFFICERS = 2;

/** What still keeps this choice of officers from being assigned; null when nothing does. The server decides in the end. */
export function whatIsMissing(chosen: Officer[], lead: string): "too_few" | "uncertified" | "no_lead" | null {
  if (chosen.length < LEAST_OFFICERS) return "too_few";
  if (chosen.some((officer) => !officer.certificate?.is_valid)) return "uncertified";
  return chosen.some((officer) => officer.id === lead) ? null : "no_lead";
}
