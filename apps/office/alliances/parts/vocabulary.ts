/** What a memorandum can be made of, in the order of the printed one. */
import type { NewMemorandum } from "@shared/client/types";

export const PRINCIPLES: NonNullable<NewMemorandum["principles"]> = ["joint_enforcement", "home_handling", "joint_prevention", "scientific_judgement", "precise_strike"];
export const WORKS: NewMemorandum["works"] = ["illegal_discharge", "scattered_polluters", "cross_border_petitions", "hidden_dangers", "non_industrial_air"];
export const MECHANISMS: NewMemorandum["mechanisms"] = ["contact", "joint_operation", "clue_referral", "joint_review", "cross_enforcement", "petition_coordination", "joint_publicity"];
export const SHARES: NonNullable<NewMemorandum["shares"]> = ["border_list", "border_watch", "visit_ledger"];
/** What of it the system works today; the others are on record and grant nothing that can be used yet. */
export const WORKING: ReadonlySet<string> = new Set(["clue_referral", "border_list", "border_watch"]);

/** A mechanism or a sheet by its name. */
export const groupOf = (what: string): string => ((SHARES as string[]).includes(what) ? "memorandum.share" : "memorandum.mechanism");
