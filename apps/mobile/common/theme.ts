/** 强光: black on white without any grey, thicker lines and larger letters, for a screen in the sun. Kept on the phone. */
import { ref } from "vue";

const KEPT_AS = "liandong.theme";
export type Theme = "plain" | "sunlight";

export const theme = ref<Theme>(globalThis.localStorage?.getItem(KEPT_AS) === "sunlight" ? "sunlight" : "plain");

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  globalThis.localStorage?.setItem(KEPT_AS, chosen);
  showTheme();
}

/** The page looks as was chosen. */
export const showTheme = (): void => document.documentElement.setAttribute("data-theme", theme.value);
