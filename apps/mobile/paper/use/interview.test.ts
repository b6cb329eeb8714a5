import { expect, it } from "vitest";
import { blankInterview, interviewForm, interviewSaid, whyNotYet } from "./interview";

const form = () => ({
  ...blankInterview(), officer_ids: ["1", "2"], name: " 样本班长 ", age: "40", began_at: "2026-03-05T06:00:00.000Z",
  questions: [{ key: "act", asked: "何时停运？", answered: " 三月一日。" }, { asked: "还有呢？", answered: "" }],
});

it("takes two officers, a name and an answer", () => {
  expect(whyNotYet({ ...form(), officer_ids: ["1"] })).toContain("两名");
  expect(whyNotYet({ ...form(), name: " " })).toContain("姓名");
  expect(whyNotYet({ ...form(), questions: [{ asked: "何时停运？", answered: " " }] })).toContain("一问一答");
  expect(whyNotYet(form())).toBe("");
});

it("says what was written down and nothing else, and is read back the same", () => {
  const said = interviewSaid("i", form(), "2026-03-05T06:30:00.000Z");
  expect(said.person).toEqual({ name: "样本班长", age: 40 });
  expect(said.questions).toEqual([{ key: "act", asked: "何时停运？", answered: "三月一日。" }]);
  expect(said).not.toHaveProperty("place");
  expect(interviewSaid("i", interviewForm(said), "2026-03-05T06:30:00.000Z")).toEqual(said);
});

it("keeps what was said first beside its correction", () => {
  const said = interviewSaid("i", { ...form(), corrections: [{ was: "三月一日", now: "三月二日" }, { now: " " }] }, "2026-03-05T06:30:00.000Z");
  expect(said.corrections).toEqual([{ was: "三月一日", now: "三月二日" }]);
  expect(said.questions[0]?.answered).toBe("三月一日。");
});
