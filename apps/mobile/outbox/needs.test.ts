// @vitest-environment node
import "fake-indexeddb/auto";
import { v7 as newId } from "uuid";
import { expect, it } from "vitest";
import { Store } from "./db";
import { keepDeed } from "./keep";
import type { Exclusively } from "./lock";
import type { DeedKind, DeedRow, JsonRecord } from "./shapes";

const alone: Exclusively = (_name, work) => work();
const VISIT = { account_id: "a", task_id: "t", inspection_id: "v" };

function phone(): (kind: DeedKind, payload?: JsonRecord) => Promise<DeedRow> {
  const store = new Store(newId());
  return (kind, payload = {}) => keepDeed(store, { ...VISIT, kind, payload: { inspection_id: "v", ...payload } }, alone);
}

it("a signature on an interview needs what was asked, and none of another interview", async () => {
  const record = phone();
  const arrival = await record("arrive_on_site");
  const first = await record("record_interview", { interview_id: "i" });
  await record("record_interview", { interview_id: "other" });
  const again = await record("record_interview", { interview_id: "i" });
  const signed = await record("sign_inspection", { interview_id: "i", signer: "interviewee" });
  expect(signed.deed.needs).toEqual([arrival.id, first.id, again.id]);
  const onRecord = await record("sign_inspection", { signer: "manager" });
  expect(onRecord.deed.needs).toEqual([arrival.id]);
});

it("handing in again needs the amendments that were made for that return", async () => {
  const record = phone();
  await record("arrive_on_site");
  await record("amend_record", { return_id: "first" });
  const amendment = await record("amend_record", { return_id: "second" });
  expect((await record("resubmit_inspection", { return_id: "second" })).deed.needs).toEqual([amendment.id]);
});
