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

/** The phone is full. Dexie wraps what the browser says in an error of its own, once or twice. */
export function isFull(reason: unknown): boolean {
  for (let at = reason as { name?: unknown; inner?: unknown } | null | undefined; at; at = at.inner as typeof at) {
    if (at.name === "QuotaExceededError") return true;
  }
  return false;
}

export function wordsOf(reason: unknown): string {
  if (isFull(reason)) {
    return w(
      "本机存储空间不足，这一项没有保存，已保存的记录不受影响。请在有网络处发送完毕，或清理手机空间后重试。",
      "The phone is full. This was not kept; everything kept before is untouched. Send what is unsent or free some space, then try again.",
    );
  }
  if (reason instanceof ApiProblem) return reason.title;
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
