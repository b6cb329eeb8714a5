import { ref } from "vue";
import { terms } from "./terms";

export type Language = "zh" | "en";

const KEPT_AS = "liandong.language";

function keptLanguage(): Language {
  return globalThis.localStorage?.getItem(KEPT_AS) === "en" ? "en" : "zh";
}

export const language = ref<Language>(keptLanguage());

export function setLanguage(chosen: Language): void {
  language.value = chosen;
  globalThis.localStorage?.setItem(KEPT_AS, chosen);
  globalThis.document?.documentElement.setAttribute("lang", chosen === "zh" ? "zh-CN" : "en");
}

/** The field's word for a glossary key, such as `problem.state.closed`; an unknown key shows itself so that it is noticed. */
export function t(key: string): string {
  return terms[key]?.[language.value] ?? key;
}

/** A page's own sentence, which no glossary holds, in both languages side by side. */
export function w(zh: string, en: string): string {
  return language.value === "zh" ? zh : en;
}

/** The choices of a select for one glossary group, such as `task.mode`. */
export function choices(group: string): { value: string; label: string }[] {
  const prefix = `${group}.`;
  return Object.keys(terms)
    .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes("."))
    .map((key) => ({ value: key.slice(prefix.length), label: t(key) }));
}
