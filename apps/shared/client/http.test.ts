import { expect, it, vi } from "vitest";
import { address, answer, filled, onSignedOut } from "./http";
import { ApiProblem } from "./problem";

const reply = (status: number, error?: unknown, data?: unknown) => Promise.resolve({ data, error, response: new Response(null, { status }) });
const refusal = (call: Promise<unknown>) => call.then(() => { throw new Error("it was not refused"); }, (reason: unknown) => reason as ApiProblem);

it("gives the answer, or throws what the server refused, with the rule", async () => {
  expect(await answer(reply(200, undefined, { id: "a" }))).toEqual({ id: "a" });
  const problem = await refusal(answer(reply(409, {
    code: "dispatch.too_few_officers", title: "执法人员不得少于两人", title_en: "At least two officers",
    rule: { title: "行政处罚法", text: "《行政处罚法》第四十二条" }, field_errors: [{ field: "officer_ids", code: "x", message: "少" }], request_id: "r1",
  })));
  expect(problem).toMatchObject({ status: 409, code: "dispatch.too_few_officers", titleZh: "执法人员不得少于两人", titleEn: "At least two officers", rule: "行政处罚法 《行政处罚法》第四十二条", requestId: "r1" });
  expect(problem.fieldErrors).toHaveLength(1);
});

it("makes a problem of an answer that is none, and of no answer at all", async () => {
  expect(await refusal(answer(reply(502, "<html>bad gateway</html>")))).toMatchObject({ status: 502, code: "client.http_502" });
  expect(await refusal(answer(Promise.reject(new TypeError("failed to fetch"))))).toMatchObject({ status: 0, code: "client.unreachable" });
});

it("tells of the end of the session", async () => {
  const told = vi.fn();
  const stop = onSignedOut(told);
  await refusal(answer(reply(403, { code: "access.verb_missing" })));
  expect(told).not.toHaveBeenCalled();
  await refusal(answer(reply(401, { code: "access.sign_in_required" })));
  expect(told).toHaveBeenCalledOnce();
  stop();
});

it("leaves empty values out of a query, but not false and 0", () => {
  expect(filled({ a: "", b: null, c: undefined, d: false, e: 0, f: "x" })).toEqual({ d: false, e: 0, f: "x" });
  expect(address("/api/x", { q: "化工 & 印染", cursor: null })).toBe("/api/x?q=%E5%8C%96%E5%B7%A5+%26+%E5%8D%B0%E6%9F%93");
  expect(address("/api/x")).toBe("/api/x");
});
