/** What a problem on this phone is scored by, as it is typed or as it was recorded. */
import { scoreEntry, type EntryFacts, type EntryRules, type Score } from "@shared/quality/score";
import type { FieldPack } from "@shared/client/types";
import { distance_m } from "../../common/fix";
import type { VisitView } from "./fold";

export interface Words { element: string; severity: string; description: string; basis_key: string | null; rectify_by_on: string | null; requirement: string | null }

/** The score of an entry; null if the pack was kept before there were rules. `problem_id`: null while it is new. */
export function scoreOf(words: Words, problem_id: string | null, view: VisitView, pack: FieldPack | null): Score | null {
  const rules = pack?.entry_quality as EntryRules | undefined;
  return rules?.rules ? scoreEntry(factsOf(words, problem_id, view, pack), rules) : null;
}

export function factsOf(words: Words, problem_id: string | null, view: VisitView, pack: FieldPack | null): EntryFacts {
  const others = view.problems.filter((one) => one.problem_id !== problem_id).map((one) => one.description);
  const past = (pack?.enterprise_file?.problems ?? []).filter((one) => one.id !== problem_id).map((one) => one.description);
  const { lon = null, lat = null, accuracy_m = null } = view.arrival?.deed ?? {};
  const source = pack?.enterprise_file?.source;
  const isKnown = lon !== null && lat !== null && source && source.lon !== null && source.lat !== null;
  return {
    ...words,
    basis_title: pack?.problem_bases.find((basis) => basis.key === words.basis_key)?.title ?? null,
    others: [...others, ...past],
    photos: view.photos.filter((photo) => problem_id !== null && photo.problem_id === problem_id).map((photo) => ({ purpose: photo.purpose, taken_at_ms: Date.parse(photo.taken_at) })),
    is_positioned: lon !== null,
    distance_m: isKnown ? distance_m({ lon, lat }, { lon: source.lon!, lat: source.lat! }) : null,
    accuracy_m,
    arrived_at_ms: view.arrival ? Date.parse(view.arrival.deed.happened_at) : null,
    ended_at_ms: null,
  };
}
