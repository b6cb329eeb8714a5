import type { ApiProblem } from "@shared/client/problem";
import { language } from "@shared/terms";

/** The part of the plan's form that a refusal is about, so that it is said where one can mend it. */
export type PlanField = "title" | "shape" | "width" | "home" | "aircraft" | "height" | "overlap";

const ABOUT: Record<string, PlanField> = {
  "drones.shape_unreadable": "shape",
  "drones.shape_too_large": "shape",
  "drones.too_far": "home",
  "drones.nothing_to_see": "shape",
  "drones.battery_too_small": "aircraft",
  "drones.place_in_no_fly": "home",
  "drones.no_way_around": "home",
  "drones.source_without_place": "shape",
  "kernel.position_out_of_range": "shape",
};
const BY_NAME: Record<string, PlanField> = {
  title: "title", wanted: "shape", source_ids: "shape", width_m: "width", home: "home", aircraft_id: "aircraft", height_m: "height", overlap: "overlap",
};

/** What the server refused, in its own words, by the field that it is about. Empty where it is about none. */
export function wordsByField(problem: ApiProblem | null): Partial<Record<PlanField, string>> {
  if (!problem) return {};
  const found: Partial<Record<PlanField, string>> = {};
  for (const one of problem.fieldErrors) {
    const field = one.field.split(".").map((part) => BY_NAME[part]).find((known) => known !== undefined);
    if (field) found[field] ??= language.value === "zh" ? one.message : (one.message_en ?? one.message);
  }
  const about = ABOUT[problem.code];
  if (about) found[about] ??= problem.title;
  return found;
}
