/** Telling the officer what went wrong, in words. */
import { closeToast, showDialog, showFailToast, showLoadingToast } from "vant";
import { ApiProblem } from "@shared/client/problem";
import { language, w } from "@shared/terms";
import type { ProblemBody } from "../outbox/shapes";

export const titleOf = (problem: ProblemBody): string => (language.value === "en" && problem.title_en) || problem.title;

/** The rule that stood against it, if the server named one. */
export function ruleOf(problem: ProblemBody): string {
  const { rule } = problem;
  if (typeof rule === "string") return rule;
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return "";
  return [rule.title, rule.article, rule.text].filter((part) => typeof part === "string" && part !== "").join(" ");
}

export function wordsOf(reason: unknown): string {
  if (reason instanceof ApiProblem) return language.value === "zh" ? reason.titleZh : reason.titleEn;
  return reason instanceof Error ? reason.message : String(reason);
}

/** Does `work`, and says it if it fails. Undefined then. */
export async function attempt<T>(work: () => Promise<T>, failed: string): Promise<T | undefined> {
  try {
    return await work();
  } catch (reason) {
    console.error(reason);
    if (reason instanceof ApiProblem) showFailToast({ message: `${failed}\n${wordsOf(reason)}`, duration: 3500 });
    else await showDialog({ title: failed, message: wordsOf(reason), confirmButtonText: w("知道了", "OK") });
    return undefined;
  }
}

/** The same, with a note that it takes a while. */
export async function attemptSlowly<T>(work: () => Promise<T>, doing: string, failed: string): Promise<T | undefined> {
  showLoadingToast({ message: doing, duration: 0, forbidClick: true });
  return attempt(async () => {
    try {
      return await work();
    } finally {
      closeToast();
    }
  }, failed);
}
