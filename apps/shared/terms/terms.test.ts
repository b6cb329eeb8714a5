import { afterEach, expect, it } from "vitest";
import { MARKED } from "../ui/marks";
import { choices, language, setLanguage, t, w } from "./index";

afterEach(() => setLanguage("zh"));

it("has a label in both languages for every state that has a mark", () => {
  for (const [group, values] of Object.entries(MARKED)) {
    for (const value of values) {
      const key = `${group}.${value}`;
      setLanguage("zh");
      expect(t(key), key).toMatch(/[\u4e00-\u9fff]/);
      setLanguage("en");
      expect(t(key), key).toMatch(/^[A-Z]/);
    }
  }
});

it("shows the same states to choose from as there are marks", () => {
  for (const group of ["problem.state", "task.state", "clue.state", "mission.state", "severity"]) {
    expect(choices(group).map((choice) => choice.value).sort()).toEqual([...MARKED[group]!].sort());
  }
});

it("speaks Chinese first and English by a switch, and shows a key it does not know", () => {
  expect([t("problem.state.closed"), w("派发", "Assign"), document.documentElement.lang]).toEqual(["已销号", "派发", "zh-CN"]);
  setLanguage("en");
  expect([w("派发", "Assign"), document.documentElement.lang, localStorage.getItem("liandong.language")]).toEqual(["Assign", "en", "en"]);
  expect(t("no.such.key")).toBe("no.such.key");
  expect(language.value).toBe("en");
});
