import { expect, it } from "vitest";
import type { Inspection } from "@shared/client/types";
import type { DeedKind, DeedRow, DeedState, JsonRecord } from "../../outbox/shapes";
import { answerKey, foldVisit, isFullySigned, progressOf, signerKey } from "./fold";

const VISIT = "v";
let seq = 0;
const row = (kind: DeedKind, payload: JsonRecord, state: DeedState = "kept"): DeedRow =>
  ({ seq: ++seq, id: `d${seq}`, kind, state, inspection_id: VISIT, deed: { payload: { inspection_id: VISIT, ...payload } } }) as unknown as DeedRow;
const answer = (item_key: string, said: string, state?: DeedState): DeedRow => row("answer_item", { element: "air", item_key, answer: said }, state);
const sign = (signer: string, officer_id: string | null, state?: DeedState): DeedRow =>
  row("sign_inspection", { signer, officer_id, signer_name: "样本", is_refused: false, sha256: "a" }, state);

it("takes the last answer to an item, and none of another visit", () => {
  const other = { ...answer("a", "no"), inspection_id: "another" };
  const view = foldVisit(VISIT, [answer("a", "no"), answer("a", "yes"), other]);
  expect(view.answers.get(answerKey("air", "a"))?.answer).toBe("yes");
  expect(view.answers.size).toBe(1);
});

it("shows what was mended once, and what was given up not at all", () => {
  const view = foldVisit(VISIT, [answer("a", "yes", "mended"), answer("b", "no", "set_aside"), row("find_problem", { problem_id: "p", element: "air" }, "refused")]);
  expect(view.answers.size).toBe(0);
  expect(view.problems).toHaveLength(1);
});

it("counts progress over the lists in question only", () => {
  const lists = [{ key: "air", element: "air", title: "废气", version: "1", items: ["a", "b", "c"].map((key) => ({ key, text: "", help: "", basis: "", suggests_problem: "", element: "air" })) }];
  const view = foldVisit(VISIT, [answer("a", "yes"), answer("b", "no"), row("answer_item", { element: "water", item_key: "a", answer: "yes" })]);
  expect(progressOf(view, lists)).toEqual({ answered: 2, total: 3, negative: 1 });
});

it("is signed by two officers and the manager, and a refused signature is none", () => {
  const signed = [sign("officer", "1"), sign("manager", null)];
  expect(isFullySigned(foldVisit(VISIT, [...signed, sign("officer", "1")]))).toBe(false);
  expect(isFullySigned(foldVisit(VISIT, [...signed, sign("officer", "2", "refused")]))).toBe(false);
  expect(isFullySigned(foldVisit(VISIT, [...signed, sign("officer", "2")]))).toBe(true);
});

it("notices that something was recorded after a signature, until that person signs again", () => {
  const before = [sign("officer", "1"), sign("manager", null), answer("a", "no")];
  const stale = (rows: DeedRow[]): boolean[] => [...foldVisit(VISIT, rows).signatures.values()].map((signed) => signed.isStale);
  expect(stale(before)).toEqual([true, true]);
  const view = foldVisit(VISIT, [...before, sign("officer", "1")]);
  expect(view.signatures.get(signerKey("officer", "1"))?.isStale).toBe(false);
  expect(view.signatures.get(signerKey("manager", null))?.isStale).toBe(true);
});

it("counts in what the team's other phones have recorded, and this phone's own word stands before it", () => {
  const record = {
    id: VISIT,
    answers: [{ element: "air", item_key: "a", answer: "no", note: null }, { element: "air", item_key: "b", answer: "yes", note: "好" }],
    signatures: [{ signer: "officer", officer_id: "2", signer_name: "样本二" }],
    photos: [],
  } as unknown as Inspection;
  const lists = [{ key: "air", element: "air", title: "废气", version: "1", items: ["a", "b", "c"].map((key) => ({ key, text: "", help: "", basis: "", suggests_problem: "", element: "air" })) }];
  const rows = [answer("a", "yes"), sign("officer", "1"), sign("manager", null)];
  const view = foldVisit(VISIT, rows, record);
  expect(progressOf(view, lists)).toEqual({ answered: 2, total: 3, negative: 0 });
  expect(view.team.answers.get(answerKey("air", "b"))).toEqual({ answer: "yes", note: "好" });
  expect(isFullySigned(view)).toBe(true);
  expect(isFullySigned(foldVisit(VISIT, rows, { ...record, id: "another visit" }))).toBe(false);
});

it("shows what was put right on the spot, recorded, sampled and noted", () => {
  const view = foldVisit(VISIT, [
    row("find_problem", { problem_id: "p", element: "air" }),
    row("rectify_on_spot", { problem_id: "p", statement: "已清理", confirmed_by: "样本", ordered_at: "2026-03-01T01:00:00Z" }),
    row("add_recording", { kind: "voice_note", sha256: "a", length_s: 12 }),
    row("add_photo", { sha256: "b" }),
    row("take_sample", { medium: "wastewater", said: { number: "样本-01" } }),
    row("note_support", { advice: ["补记台账"], people_count: 3 }),
    row("note_support", { advice: ["补记台账", "核对许可"], people_count: 5 }),
  ]);
  expect(view.rectified.get("p")?.confirmed_by).toBe("样本");
  expect(view.photos.map(({ kind, length_s }) => [kind, length_s])).toEqual([["voice_note", 12], ["photo", null]]);
  expect(view.samples[0]?.said.number).toBe("样本-01");
  expect([view.support?.people_count, view.support?.advice.length, view.support?.materials]).toEqual([5, 2, []]);
});

it("a recording or a sample after a signature makes it stale", () => {
  const stale = (kind: DeedKind): boolean => [...foldVisit(VISIT, [sign("officer", "1"), row(kind, {})]).signatures.values()].some((signed) => signed.isStale);
  expect((["add_recording", "take_sample", "rectify_on_spot"] as const).map(stale)).toEqual([true, true, true]);
});
