/** An interview as it is typed, and as its deed carries it. */
import { w } from "@shared/terms";
import { saidOnly, type Asked, type Correction, type InterviewSaid } from "./entries";

export interface InterviewForm {
  officer_ids: string[]; recorder_id: string; place: string; cause: string; badge: string; rights: string; service_address: string;
  name: string; sex: string; age: string; phone: string; identity: string; employer: string; post: string; relation: string; address: string;
  questions: Asked[]; corrections: Correction[]; began_at: string;
}

export const blankInterview = (): InterviewForm => ({
  officer_ids: [], recorder_id: "", place: "", cause: "", badge: "", rights: "", service_address: "",
  name: "", sex: "", age: "", phone: "", identity: "", employer: "", post: "", relation: "", address: "",
  questions: [], corrections: [], began_at: "",
});

const isAnswered = (one: Asked): boolean => one.asked.trim() !== "" && one.answered.trim() !== "";

/** The deed's words: what was left empty is left out, and so is a question that nobody answered. */
export function interviewSaid(interview_id: string, form: InterviewForm, ended_at: string): InterviewSaid {
  const { officer_ids, recorder_id, place, cause, badge, rights, service_address, began_at, questions, corrections, age, ...person } = form;
  const { name, sex, phone, identity, employer, post, relation, address } = person;
  const years = Number.parseInt(age, 10);
  const corrected = corrections.filter((one) => one.now.trim() !== "");
  return {
    ...(saidOnly({ recorder_id, place, cause, badge, rights, service_address }) as Partial<InterviewSaid>),
    interview_id,
    officer_ids,
    person: { ...saidOnly({ name, sex, phone, identity, employer, post, relation, address }), ...(Number.isInteger(years) ? { age: years } : {}) } as InterviewSaid["person"],
    questions: questions.filter(isAnswered).map((one) => ({ ...(one.key ? { key: one.key } : {}), asked: one.asked.trim(), answered: one.answered.trim() })),
    ...(corrected.length > 0 ? { corrections: corrected.map((one) => saidOnly({ ...one }) as unknown as Correction) } : {}),
    began_at,
    ended_at,
  };
}

export function interviewForm(said: InterviewSaid): InterviewForm {
  const { person } = said;
  return {
    ...blankInterview(),
    ...Object.fromEntries(Object.entries(person).map(([name, value]) => [name, String(value)])),
    officer_ids: [...said.officer_ids], recorder_id: said.recorder_id ?? "", place: said.place ?? "", cause: said.cause ?? "", badge: said.badge ?? "",
    rights: said.rights ?? "", service_address: said.service_address ?? "", began_at: said.began_at,
    questions: said.questions.map((one) => ({ ...one })), corrections: (said.corrections ?? []).map((one) => ({ ...one })),
  };
}

/** What is missing before it can be kept; empty if nothing is (行政处罚法 §42, §55). */
export function whyNotYet(form: InterviewForm): string {
  if (form.officer_ids.length < 2) return w("询问应当由两名以上执法人员进行", "Two officers must ask");
  if (form.name.trim() === "") return w("请填写被询问人姓名", "Name who is asked");
  return form.questions.some(isAnswered) ? "" : w("还没有一问一答", "Nothing has been asked and answered yet");
}
