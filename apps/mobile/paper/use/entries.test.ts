import { expect, it } from "vitest";
import type { Inspection } from "@shared/client/types";
import type { DeedKind, DeedRow, DeedState, JsonRecord } from "../../outbox/shapes";
import { blankParticulars, foldEntries, particularsForm, particularsSaid } from "./entries";

const VISIT = "v";
let seq = 0;
const row = (kind: DeedKind, payload: JsonRecord, minute = ++seq, state: DeedState = "kept"): DeedRow =>
  ({ seq: minute, id: `d${kind}${minute}`, kind, state, inspection_id: VISIT, deed: { happened_at: new Date(minute * 60_000).toISOString(), payload } }) as unknown as DeedRow;
const interview = (answered: string, minute: number): DeedRow =>
  row("record_interview", { interview_id: "i", officer_ids: ["1", "2"], person: { name: "样本" }, questions: [{ asked: "问", answered }] }, minute);

it("the latest of a kind counts, and the first is still there", () => {
  const rows = [row("record_particulars", { production: "停产" }, 1), row("record_particulars", { production: "正常" }, 2)];
  expect(foldEntries(VISIT, rows).particulars?.said.production).toBe("正常");
  expect(rows[0]!.deed.payload.production).toBe("停产");
});

it("a changed interview makes its signatures stale until they are given anew", () => {
  const sign = (minute: number): DeedRow => row("sign_inspection", { interview_id: "i", signer: "interviewee", signer_name: "样本", sha256: "a" }, minute);
  const first = foldEntries(VISIT, [interview("一", 10), sign(11)]);
  expect(first.interviews.get("i")?.signatures.get("interviewee/")?.isStale).toBe(false);
  const changed = foldEntries(VISIT, [interview("一", 10), sign(11), interview("二", 12)]);
  expect(changed.interviews.get("i")?.said.questions[0]?.answered).toBe("二");
  expect(changed.interviews.get("i")?.signatures.get("interviewee/")?.isStale).toBe(true);
  const again = foldEntries(VISIT, [interview("一", 10), sign(11), interview("二", 12), sign(13)]);
  expect(again.interviews.get("i")?.signatures.get("interviewee/")?.isStale).toBe(false);
});

it("a signature on the record is none on an interview", () => {
  const view = foldEntries(VISIT, [interview("一", 20), row("sign_inspection", { signer: "manager", signer_name: "样本", sha256: "a" }, 21)]);
  expect(view.interviews.get("i")?.signatures.size).toBe(0);
});

it("what the team's phones entered counts in, each entry once", () => {
  const own = row("show_certificate", { officer_ids: ["1"], answer: "confirmed" }, 30);
  const entries = [
    { id: own.id, kind: "show_certificate", content: own.deed.payload, said_at: own.deed.happened_at, author_name: "样本" },
    { id: "x", kind: "amend_record", content: { return_id: "r", about: "整份记录", words: "补", reason: "漏记" }, said_at: new Date(31 * 60_000).toISOString(), author_name: "样本" },
  ];
  const view = foldEntries(VISIT, [own], { id: VISIT, entries } as unknown as Inspection);
  expect(view.shown?.row).toBe(own);
  expect(view.amendments.map((one) => one.words)).toEqual(["补"]);
});

it("leaves out what was not written down, and reads back what was", () => {
  const form = { ...blankParticulars(), manager_name: " 样本厂长 ", manager_age: "45", production: "" };
  expect(particularsSaid(form)).toEqual({ manager_name: "样本厂长", manager_age: 45 });
  expect(particularsForm(particularsSaid(form))).toEqual({ ...form, manager_name: "样本厂长" });
});
