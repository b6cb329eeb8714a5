import { VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, expect, it, vi } from "vitest";
import { createApp, nextTick, type App } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import { queryClient } from "../../common/use/queries";
import { useElements } from "../../elements";
import ProblemPage from "./ProblemPage.vue";

vi.mock("@shared/map/LiveMap.vue", () => ({ default: { template: "<i />" } }));

const record = (verbs: string[]) => ({
  id: "p1", number: "WT-示例-1", state: "claimed", element: "air", severity: "major", description: "示例问题", basis: null, requirement: null,
  area_code: "370103", source_id: null, source_name: "示例厂", inspection_id: null, inspection_number: null, lon: null, lat: null,
  found_at: "2026-03-01T00:00:00Z", rectify_by_on: "2026-03-09", is_overdue: true, ordered_at: null, claimed_at: null, closed_at: null, on_spot_at: null, on_spot_confirmed_by: null,
  relapse_count: 0, look_back_due_on: null, moves: [], look_backs: [], evidence: [], verbs,
});

let app: App | null = null;
afterEach(() => {
  app?.unmount();
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function open(answer: (path: string) => Response): Promise<string> {
  vi.stubGlobal("fetch", (request: Request) => Promise.resolve(answer(new URL(request.url).pathname)));
  const holder = document.createElement("div");
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "<i />" } }] });
  app = createApp(ProblemPage, { id: "p1" }).use(router).use(VueQueryPlugin, { queryClient });
  useElements(app);
  app.mount(holder);
  await vi.waitFor(() => expect(holder.querySelector(".sheet, .refusal")).not.toBeNull());
  await nextTick();
  return holder.textContent!;
}

const withVerbs = (verbs: string[]) => (path: string) => Response.json(path === "/api/problems/p1" ? record(verbs) : []);

it("offers only what the server says this person may do now", async () => {
  const words = await open(withVerbs(["return", "close_out"]));
  expect(words).toContain("退回");
  expect(words).toContain("销号");
  for (const other of ["责令改正", "记录回头看", "改回头看日期"]) expect(words).not.toContain(other);
});

it("offers nothing to somebody who may only look", async () => {
  const words = await open(withVerbs([]));
  expect(words).toContain("示例厂");
  expect(words).not.toContain("退回");
});

it("shows a refusal with its rule and code", async () => {
  const refusal = { code: "access.way_missing", title: "您无权查看", title_en: "Not yours", rule: { title: "属地管辖", text: "《行政处罚法》第二十二条" }, field_errors: [], request_id: "r1" };
  const words = await open(() => Response.json(refusal, { status: 403, headers: { "Content-Type": "application/problem+json" } }));
  expect(words).toContain("您无权查看");
  expect(words).toContain("属地管辖 《行政处罚法》第二十二条");
  expect(words).toContain("access.way_missing · r1");
});
