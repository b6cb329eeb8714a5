/** The pages that are signed: those of the press where the server has everything, and otherwise the same content laid out here. */
import { ref, type Ref } from "vue";
import { inspections } from "@shared/client/calls";
import { t, w } from "@shared/terms";
import { dateTime } from "@shared/ui/time";
import { isOffline } from "../../common/net";
import { answerWords } from "../../records/use/words";
import { answerKey, listKey } from "../../visit/use/fold";
import type { VisitHere } from "../../visit/use/useVisit";
import type { InterviewHere } from "./entries";

export interface Line { label?: string; text: string }
export interface Page { title: string; lines: Line[]; picture?: string }

const UNRECORDED = "未记录";
const line = (label: string, value: unknown): Line => ({ label, text: value === undefined || value === null || value === "" ? UNRECORDED : String(value) });
const PER_PAGE = 14;

/** Long lists go on over as many pages as they need. */
function inPages(title: string, lines: Line[]): Page[] {
  const pages: Page[] = [];
  for (let from = 0; from < Math.max(lines.length, 1); from += PER_PAGE) pages.push({ title, lines: lines.slice(from, from + PER_PAGE) });
  return pages;
}

/** 现场检查（勘察）笔录 as this phone knows it. */
export function recordPages(visit: VisitHere): Page[] {
  const { task, pack, view, entries, scope } = visit;
  const said = entries.value.particulars?.said ?? {};
  const present = (pack.value?.officers ?? []).filter((one) => view.value.officer_ids?.includes(one.id) ?? true);
  const shown = entries.value.shown;
  const head = [
    line("检查时间", `${dateTime(view.value.arrival?.deed.happened_at ?? task.value?.arrived_at)} 起`),
    line("被检查单位", task.value?.source_name ?? task.value?.title), line("单位地址", pack.value?.enterprise_file?.source.address),
    line("法定代表人（负责人）", said.legal_person), line("现场负责人", said.manager_name), line("年龄", said.manager_age), line("职务", said.manager_post),
    line("联系电话", said.manager_phone), line("公民身份号码", said.manager_identity), line("与本案关系", said.manager_relation),
    ...present.map((one, place) => line(`检查人${place + 1}`, `${one.name}　${one.certificate ?? ""}　${one.agency}`)),
    line("记录人", present.find((one) => one.id === said.recorder_id)?.name), line("其他参加人", said.participants),
    line("出示执法证件", shown ? `${dateTime(shown.at)} 出示，当事人${t(`show_answer.${shown.answer}`)}` : null), line("告知权利义务", said.rights),
  ];
  const answers = scope.value.flatMap((list) => list.items.flatMap((item) => {
    const key = answerKey(listKey(list), item.key);
    const answered = view.value.answers.get(key) ?? view.value.team.answers.get(key);
    return answered ? [{ label: answerWords(answered.answer), text: answered.note ? `${item.text}（${answered.note}）` : item.text }] : [];
  }));
  const photos = [...view.value.photos.map((photo) => photo.purpose)];
  const tail = [
    line("生产情况", said.production),
    ...view.value.problems.map((problem, place) => line(`问题${place + 1}`, `（${t(`element.${problem.element}`)}，${t(`severity.${problem.severity}`)}）${problem.description}`)),
    ...(view.value.problems.length === 0 ? [line("发现的问题", "未记录问题")] : []),
    line("拍摄情况", photos.length > 0 ? photos.map((purpose, place) => `${place + 1}. ${purpose}`).join("；") : "未记录拍摄"), line("检查结论", said.conclusion),
  ];
  return [...inPages("现场检查（勘察）笔录", head), ...inPages("检查项", answers.length > 0 ? answers : [{ text: UNRECORDED }]), ...inPages("现场情况与结论", tail)];
}

/** 调查询问笔录 as this phone knows it. */
export function interviewPages(visit: VisitHere, interview: InterviewHere): Page[] {
  const { said } = interview;
  const { person } = said;
  const asking = (visit.pack.value?.officers ?? []).filter((one) => said.officer_ids.includes(one.id));
  const head = [
    line("询问时间", `${dateTime(said.began_at)} 至 ${dateTime(said.ended_at)}`), line("询问地点", said.place), line("案由", said.cause),
    line("被询问人", person.name), line("性别", person.sex ? t(`sex.${person.sex}`) : null), line("年龄", person.age), line("联系电话", person.phone),
    line("公民身份号码", person.identity), line("工作单位", person.employer), line("职务", person.post), line("与本案关系", person.relation), line("住址", person.address),
    ...asking.map((one, place) => line(`询问人${place + 1}`, `${one.name}　${one.certificate ?? ""}　${one.agency}`)),
    line("出示执法证件", said.badge), line("告知权利义务", said.rights),
  ];
  const talk = said.questions.flatMap((one) => [{ label: "问", text: one.asked }, { label: "答", text: one.answered }]);
  const corrections = (said.corrections ?? []).map((one) => line("更正", one.was ? `原记为“${one.was}”，更正为：${one.now}` : one.now));
  return [...inPages("调查询问笔录", head), ...inPages("询问内容", [...talk, ...corrections, line("送达地址确认", said.service_address)])];
}

/** Whether the server has everything that this phone recorded of the visit: only then are its pages what is signed. */
const hasAll = (visit: VisitHere): boolean => visit.deeds.value.filter((row) => row.inspection_id === visit.inspection_id.value).every((row) => row.state === "accepted" || row.state === "mended" || row.state === "set_aside");

export interface Paper { pages: Ref<Page[]>; isReal: Ref<boolean>; isReading: Ref<boolean>; open: () => Promise<void> }

/** The pages are asked of the server when they can be, and laid out here when not. */
export function usePaper(visit: VisitHere, interview: () => InterviewHere | null): Paper {
  const pages = ref<Page[]>([]);
  const isReal = ref(false);
  const isReading = ref(false);
  async function open(): Promise<void> {
    const about = interview();
    isReal.value = false;
    pages.value = about ? interviewPages(visit, about) : recordPages(visit);
    if (isOffline.value || !hasAll(visit)) return;
    isReading.value = true;
    const id = visit.inspection_id.value;
    const asked = about ? inspections.interviewPages(id, about.said.interview_id) : inspections.recordPages(id);
    const answered = await asked.catch(() => null);
    isReading.value = false;
    if (answered === null || answered.pages.length === 0) return;
    pages.value = answered.pages.map((picture, place) => ({ title: w(`第 ${place + 1} 页`, `Page ${place + 1}`), lines: [], picture: `data:image/png;base64,${picture}` }));
    isReal.value = true;
  }
  return { pages, isReal, isReading, open };
}
