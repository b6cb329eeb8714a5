/** What a record says, in one line, and which of its words a person may correct. */
import type { FieldPack } from "@shared/client/types";
import { t, w } from "@shared/terms";
import type { DeedKind, DeedRow } from "../../outbox/shapes";
import { listKey } from "../../visit/use/fold";

const KINDS: Record<DeedKind, [string, string]> = {
  accept_task: ["签收任务", "Signed for the task"],
  arrive_on_site: ["到场签到", "Arrival"],
  answer_item: ["检查项", "Checklist item"],
  add_photo: ["照片", "Photo"],
  find_problem: ["问题", "Problem"],
  rectify_on_spot: ["当场整改", "Put right on the spot"],
  add_recording: ["录制证据", "Recording"],
  take_sample: ["采样", "Sample"],
  note_support: ["帮扶普法记录", "Support note"],
  sign_inspection: ["签字", "Signature"],
  submit_inspection: ["提交检查记录", "Record handed in"],
  show_certificate: ["亮证", "Certificates shown"],
  record_particulars: ["笔录要素", "Particulars"],
  record_interview: ["调查询问", "Interview"],
  amend_record: ["补正", "Amendment"],
  resubmit_inspection: ["补正后重新提交", "Handed in again"],
  tell_neighbour: ["通报邻区", "Neighbour told"],
};

export const kindWords = (kind: DeedKind): string => w(...KINDS[kind]);

const ANSWERS: Record<string, [string, string]> = { yes: ["是", "Yes"], no: ["否", "No"], not_applicable: ["不适用", "N/A"] };
export const answerWords = (answer: unknown): string => w(...(ANSWERS[String(answer)] ?? ["—", "—"]));

/** The gist of a record; the pack knows the words of checklist items. */
export function gist(row: DeedRow, pack: FieldPack | null): string {
  const said = row.deed.payload;
  switch (row.kind) {
    case "answer_item": return `${answerWords(said.answer)} · ${itemText(pack, said.element, said.item_key)}`;
    case "add_photo": return String(said.purpose);
    case "add_recording": return `${t(`evidence.kind.${String(said.kind)}`)} · ${String(said.purpose)}`;
    case "rectify_on_spot": return `${String(said.statement)} · ${String(said.confirmed_by)}`;
    case "take_sample": return String((said.said as Record<string, string>).number ?? "");
    case "note_support": return w(`惠及 ${String(said.people_count)} 人`, `${String(said.people_count)} people`);
    case "find_problem": return `${t(`severity.${String(said.severity)}`)} · ${String(said.description)}`;
    case "sign_inspection": return said.is_refused === true ? `${String(said.signer_name)} ${w("拒签", "refused")}：${String(said.refusal_reason)}` : String(said.signer_name);
    case "submit_inspection": return String(said.conclusion);
    case "show_certificate": return t(`show_answer.${String(said.answer)}`);
    case "record_particulars": return String(said.manager_name ?? said.production ?? "");
    case "record_interview": return String((said.person as { name?: string }).name ?? "");
    case "tell_neighbour": return String(said.description);
    case "amend_record": return `${String(said.about)}：${String(said.words)}`;
    default: return "";
  }
}

/** The words of a checklist's item, looked for in one list or, where `element` is null, in all. */
export function itemText(pack: FieldPack | null, element: unknown, key: unknown): string {
  const lists = [...(pack?.checklists ?? []), ...(pack?.other_checklists ?? [])].filter((one) => element === null || listKey(one) === element);
  return lists.flatMap((list) => list.items).find((item) => item.key === key)?.text ?? String(key);
}

export type FieldShape = "words" | "long" | "neighbour" | "answer" | "severity" | "day" | "basis" | "officers" | "none";
export interface Correctable { name: string; shape: FieldShape; label: string; isRequired: boolean }

const field = (name: string, shape: FieldShape, label: string, isRequired = false): Correctable => ({ name, shape, label, isRequired });

/** The fields of a refused record that can be put right; the rest of it stands as it was done. */
export function correctable(kind: DeedKind): Correctable[] {
  switch (kind) {
    case "arrive_on_site": return [field("officer_ids", "officers", w("到场人员", "Officers present"), true)];
    case "answer_item": return [field("answer", "answer", w("答案", "Answer"), true), field("note", "long", w("备注", "Note"))];
    case "add_photo":
    case "add_recording": return [field("purpose", "words", w("证明对象", "What it proves"), true), field("caption", "long", w("说明", "Caption"))];
    case "find_problem":
      return [
        field("severity", "severity", w("严重程度", "Severity"), true), field("description", "long", w("问题事实", "Facts"), true),
        field("basis_key", "basis", w("依据", "Legal basis")), field("rectify_by_on", "day", w("建议整改期限", "Proposed deadline")),
        field("requirement", "long", w("整改要求", "Requirement")),
      ];
    case "rectify_on_spot":
      return [
        field("requirement", "long", w("改正要求", "What was ordered"), true), field("statement", "long", w("整改情况", "What was done"), true),
        field("confirmed_by", "words", w("确认人", "Confirmed by"), true),
      ];
    case "take_sample": return [field("party_present", "words", w("在场当事人", "Party present")), field("note", "long", w("备注", "Note"))];
    case "note_support": return [field("asked", "long", w("询问内容", "What was asked"))];
    case "sign_inspection": return [field("signer_name", "words", w("签字人", "Signer"), true)];
    case "submit_inspection": return [field("conclusion", "long", w("检查结论", "Conclusion"), true)];
    case "tell_neighbour": return [field("to_area", "neighbour", w("通报给", "Told to"), true), field("description", "long", w("情况", "What"), true)];
    default: return [];
  }
}
