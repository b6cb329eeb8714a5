// @vitest-environment node
import "fake-indexeddb/auto";
import { v7 as newId } from "uuid";
import { beforeEach, expect, it } from "vitest";
import { Store } from "./db";
import { keepDeed } from "./keep";
import { pageLock } from "./lock";
import { replaceDeed, setAside } from "./mend";
import { isLive, type DeedKind, type DeedRow, type JsonRecord } from "./shapes";

const lock = pageLock();
let store: Store;
beforeEach(() => (store = new Store(newId())));

const keep = (kind: DeedKind, payload: JsonRecord = {}): Promise<DeedRow> =>
  keepDeed(store, { kind, account_id: "a", task_id: "t", inspection_id: "v", payload: { inspection_id: "v", ...payload } }, lock);
const refuse = (row: DeedRow): Promise<number> => store.deeds.update(row.seq!, { state: "refused" });
const live = async (kind: DeedKind): Promise<DeedRow[]> => (await store.deeds.where("task_id").equals("t").sortBy("seq")).filter((row) => isLive(row) && row.kind === kind);

/** A problem, two photos of it, and its being put right on the spot with these two to show it. */
async function rectified(): Promise<{ arrival: DeedRow; problem: DeedRow; photos: DeedRow[]; deed: DeedRow }> {
  const arrival = await keep("arrive_on_site");
  const problem = await keep("find_problem", { problem_id: "p" });
  await keep("find_problem", { problem_id: "another" });
  const photos = [await keep("add_photo", { problem_id: "p" }), await keep("add_photo", { problem_id: "p" })];
  const deed = await keep("rectify_on_spot", { problem_id: "p", evidence_ids: photos.map((photo) => photo.id) });
  return { arrival, problem, photos, deed };
}

it("a rectification waits for its problem and for every photo that shows it, and for nothing else", async () => {
  const { arrival, problem, photos, deed } = await rectified();
  expect(deed.deed.needs).toEqual([arrival.id, problem.id, ...photos.map((photo) => photo.id)]);
});

it("a recording about a problem waits for that problem", async () => {
  const { problem } = await rectified();
  const recording = await keep("add_recording", { problem_id: "p", kind: "voice_note" });
  expect(recording.deed.needs).toContain(problem.id);
});

it("when a photo is corrected the rectification points to the corrected one", async () => {
  const { photos } = await rectified();
  await refuse(photos[0]!);
  const fresh = await replaceDeed(store, photos[0]!.id, { ...photos[0]!.deed.payload, purpose: "整改后" }, undefined, lock);
  const [after] = await live("rectify_on_spot");
  expect(after!.deed.payload.evidence_ids).toEqual([fresh.id, photos[1]!.id]);
  expect(after!.deed.needs).toContain(fresh.id);
});

it("one photo given up of two leaves the other as proof; without any proof nothing is left to say", async () => {
  const { photos } = await rectified();
  await refuse(photos[0]!);
  await setAside(store, photos[0]!.id, lock);
  expect((await live("rectify_on_spot"))[0]!.deed.payload.evidence_ids).toEqual([photos[1]!.id]);
  await refuse(photos[1]!);
  await setAside(store, photos[1]!.id, lock);
  expect(await live("rectify_on_spot")).toEqual([]);
});

it("a problem that is given up takes its rectification along; its photos stay without it", async () => {
  const { problem } = await rectified();
  await refuse(problem);
  await setAside(store, problem.id, lock);
  expect(await live("rectify_on_spot")).toEqual([]);
  expect((await live("add_photo")).map((row) => row.deed.payload.problem_id)).toEqual([undefined, undefined]);
});
