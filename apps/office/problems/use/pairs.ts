/** Which pictures show a problem as it was found, and which show it put right. */
import type { Evidence, ProblemRecord } from "@shared/client/types";

export interface Pair { before: Evidence | null; after: Evidence | null }

const isPicture = (item: Evidence): boolean => item.media_type.startsWith("image/");

/**
 * What the claims point to is after; what was taken before the order, or without one before the first claim's pictures, is before.
 * Side by side in the order they were taken; the last of the shorter side has nobody beside it.
 */
export function pairsOf(problem: Pick<ProblemRecord, "evidence" | "moves" | "ordered_at">): Pair[] {
  const claimed = new Set(problem.moves.filter((move) => move.verb === "claim").flatMap((move) => move.evidence_ids));
  const pictures = problem.evidence.filter(isPicture);
  const after = pictures.filter((item) => claimed.has(item.id));
  const limit = problem.ordered_at ?? after[0]?.taken_at ?? null;
  const before = pictures.filter((item) => !claimed.has(item.id) && (limit === null || Date.parse(item.taken_at) < Date.parse(limit)));
  if (after.length === 0) return [];
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({ before: before[at] ?? null, after: after[at] ?? null }));
}
