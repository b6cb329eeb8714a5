import { clues, problems, sources, tasks } from "@shared/client/calls";
import type { Carrier } from "@shared/client/types";
import type { Place } from "@shared/feed/frames";
import type { Picture } from "@shared/feed/picture";
import { t, w } from "@shared/terms";
import { hectares } from "@shared/map/ground";
import { dateTime } from "@shared/ui/time";

export interface Selection { room: string; id: string }
export interface Detail {
  title: string;
  number: string;
  state: { group: string; value: string } | null;
  lines: { label: string; text: string }[];
  history: { at: string; words: string }[];
}

type AreaName = (code: string) => string;
const ELEMENT = (id: string): string => t(`element.${id}`);
const dash = (text: string | null | undefined): string => (text === null || text === undefined || text === "" ? "—" : text);

/** Whether a subject of this room can be opened on the screen. */
export const canOpen = (room: string): boolean => ["tasks", "dispatch", "problems", "clues", "sources", "officers", "carriers"].includes(room);

/** A vehicle, boat or aircraft: what it is, and where it was last. */
export interface CarrierHere { place: Place; carrier: Carrier | undefined }
export type FindCarrier = (id: string) => CarrierHere | null;

/** The record as the server has it now; an officer's and a carrier's as the live picture has it. */
export async function readDetail({ room, id }: Selection, picture: Picture | null, areaName: AreaName, findCarrier: FindCarrier): Promise<Detail> {
  switch (room) {
    case "tasks":
    case "dispatch": return taskDetail(id);
    case "problems": return problemDetail(id);
    case "clues": return clueDetail(id);
    case "sources": return sourceDetail(id, areaName);
    case "carriers": return carrierDetail(findCarrier(id), areaName);
    default: return officerDetail(id, picture);
  }
}

async function taskDetail(id: string): Promise<Detail> {
  const task = await tasks.read(id);
  const steps: [string | null, string][] = [
    [task.assigned_at, t("task.state.assigned")],
    [task.accepted_at, t("task.state.accepted")],
    [task.arrived_at, t("task.state.on_site")],
    [task.reported_at, t("task.state.reported")],
  ];
  return {
    title: task.title,
    number: task.number,
    state: { group: "task.state", value: task.state },
    lines: [
      { label: w("类型", "Kind"), text: `${t(`task.kind.${task.kind}`)} · ${t(`task.mode.${task.mode}`)}` },
      { label: w("污染源", "Source"), text: dash(task.source_name) },
      { label: w("执法人员", "Officers"), text: dash(task.officers.map((o) => `${o.name}（${o.agency_name}${o.is_lead ? w("，主办", ", lead") : ""}）`).join("、")) },
      { label: w("检查要素", "Elements"), text: dash(task.matters.map(ELEMENT).join("、")) },
      { label: w("办理期限", "Due"), text: dash(task.due_on) },
      { label: w("要求", "Instruction"), text: dash(task.instruction) },
      { label: w("催办", "Urged"), text: w(`${task.urged_count} 次`, `${task.urged_count}×`) },
    ],
    history: steps.flatMap(([at, words]) => (at ? [{ at, words }] : [])),
  };
}

async function problemDetail(id: string): Promise<Detail> {
  const problem = await problems.read(id);
  return {
    title: problem.source_name ?? problem.number,
    number: problem.number,
    state: { group: "problem.state", value: problem.state },
    lines: [
      { label: w("要素", "Element"), text: `${ELEMENT(problem.element)} · ${t(`severity.${problem.severity}`)}` },
      { label: w("问题描述", "Description"), text: problem.description },
      { label: w("法律依据", "Legal basis"), text: dash([problem.basis?.title, problem.basis?.text].filter(Boolean).join(" ")) },
      { label: w("整改要求", "Requirement"), text: dash(problem.requirement) },
      { label: w("整改期限", "Rectify by"), text: dash(problem.rectify_by_on) },
      { label: w("发现时间", "Found"), text: dateTime(problem.found_at) },
      { label: w("回头看", "Look back due"), text: dash(problem.look_back_due_on) },
      { label: w("回潮次数", "Relapses"), text: String(problem.relapse_count) },
    ],
    history: problem.moves.map((move) => ({ at: move.moved_at, words: [t(`problem.state.${move.after}`), move.mover_name, move.words].filter(Boolean).join(" · ") })),
  };
}

async function clueDetail(id: string): Promise<Detail> {
  const clue = await clues.read(id);
  return {
    title: t(`clue.kind.${clue.kind}`),
    number: clue.number,
    state: { group: "clue.state", value: clue.state },
    lines: [
      { label: w("要素", "Element"), text: clue.element ? ELEMENT(clue.element) : "—" },
      { label: w("内容", "Description"), text: clue.description },
      { label: w("污染源", "Source"), text: dash(clue.source_name) },
      { label: w("接收时间", "Received"), text: dateTime(clue.received_at) },
      { label: w("办理期限", "Handle by"), text: dash(clue.handle_by_on) },
      { label: w("不予受理理由", "Reason declined"), text: dash(clue.decline_reason) },
    ],
    history: [],
  };
}

async function sourceDetail(id: string, areaName: AreaName): Promise<Detail> {
  const { source, visit_count_12m, problems: found } = await sources.file(id);
  return {
    title: source.name,
    number: source.uscc ?? w("无统一社会信用代码", "no credit code"),
    state: null,
    lines: [
      { label: w("所属区域", "Area"), text: dash(areaName(source.area_code)) },
      { label: w("地址", "Address"), text: dash(source.address) },
      { label: w("行业", "Industry"), text: dash(source.industry_name ?? source.industry_code) },
      { label: w("排污许可", "Permit"), text: source.permit_class ? t(`permit_class.${source.permit_class}`) : "—" },
      { label: w("监管类别", "Supervision"), text: source.supervision_class ? t(`supervision_class.${source.supervision_class}`) : "—" },
      { label: w("要素", "Elements"), text: dash(source.elements.map(ELEMENT).join("、")) },
      { label: w("近12个月入企", "Visits in 12 months"), text: w(`${visit_count_12m} 次`, String(visit_count_12m)) },
      { label: w("问题", "Problems"), text: w(`${found.length} 件`, String(found.length)) },
    ],
    history: [],
  };
}

async function officerDetail(id: string, picture: Picture | null): Promise<Detail> {
  const officer = picture?.officers[id];
  if (!officer) throw new Error(`officer ${id} is not in the picture`);
  const task = officer.task_id ? picture?.tasks[officer.task_id] : undefined;
  return {
    title: officer.name,
    number: officer.agency_name,
    state: null,
    lines: [
      { label: w("状态", "State"), text: officer.is_on_duty ? w("在岗", "On duty") : w("不在岗", "Off duty") },
      { label: w("当前任务", "Task"), text: task ? `${task.title}（${t(`task.state.${task.state}`)}）` : "—" },
      { label: w("最后位置时间", "Last position"), text: officer.position_at ? dateTime(officer.position_at) : w("无数据", "no data") },
    ],
    history: [],
  };
}

const measured = (value: number | null, words: (value: number) => string): string => (value === null ? w("无数据", "no data") : words(value));

function groundWords({ ground }: Place): string {
  if (!ground) return w("无数据", "no data");
  const size = hectares(ground).toFixed(1);
  return w(`约 ${size} 公顷（按起飞点地面为平地推算）`, `about ${size} ha (as if the ground were flat)`);
}

function carrierDetail(here: CarrierHere | null, areaName: AreaName): Detail {
  if (!here) throw new Error("the carrier is not on the map any more");
  const { place, carrier } = here;
  const kind = t(`tracker.kind.${place.kind}`);
  return {
    title: carrier?.title ?? kind,
    number: carrier?.agency_name ?? "",
    state: null,
    lines: [
      { label: w("类型", "Kind"), text: kind },
      { label: w("所属区域", "Area"), text: dash(carrier?.area_code ? areaName(carrier.area_code) : null) },
      { label: w("海拔高度", "Altitude"), text: measured(place.altitude_m, (metres) => w(`${Math.round(metres)} 米`, `${Math.round(metres)} m`)) },
      { label: w("速度", "Speed"), text: measured(place.speed_mps, (speed) => w(`${speed.toFixed(1)} 米/秒`, `${speed.toFixed(1)} m/s`)) },
      { label: w("航向", "Course"), text: measured(place.course_deg, (course) => `${Math.round(course)}°`) },
      ...(place.kind === "aircraft" ? [{ label: w("所见地面", "Ground seen"), text: groundWords(place) }] : []),
      { label: w("最后位置时间", "Last position"), text: dateTime(new Date(place.at).toISOString()) },
    ],
    history: [],
  };
}
