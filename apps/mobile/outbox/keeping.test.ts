// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Store } from "./db";
import { isFull, wordsOf } from "../common/say";
import { digestOfBytes } from "./digest";
import { draftsOf, dropDraft, readDraft, writeDraft } from "./drafts";
import { exportOutbox, FORMAT } from "./export";
import { keepDeed, keepFile } from "./keep";
import { pageLock } from "./lock";
import { MOST_NEEDS } from "./needs";
import type { DeedRow, DeedState, FileRow } from "./shapes";
import { countOf } from "./queue";
import { letGoOfFiles, letGoOfVisits } from "./tidy";

const ACCOUNT = "a";
let store: Store;
let turns = 0;
beforeEach(() => (store = new Store(`keeping ${turns++}`)));
afterEach(() => store.close());

const lock = pageLock();
const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
const keep = (kind: DeedRow["kind"], sha256?: string, payload = {}): Promise<DeedRow> =>
  keepDeed(store, { kind, account_id: ACCOUNT, task_id: "t", inspection_id: "v", payload: { inspection_id: "v", ...payload }, sha256 }, lock);

describe("drafts", () => {
  const place = { account_id: ACCOUNT, about: "v", name: "note/air/air.dust" };

  it("are what was written last, and outlive the page", async () => {
    await writeDraft(store, place, { note: "一" });
    await writeDraft(store, place, { note: "一二", empty: undefined });
    store.close();
    store = new Store(store.name);
    expect(await readDraft(store, place)).toEqual({ note: "一二" });
  });

  it("are found by visit and by what their name begins with", async () => {
    await writeDraft(store, place, { note: "一" });
    await writeDraft(store, { ...place, name: "photo/1" }, {});
    await writeDraft(store, { ...place, about: "other" }, {});
    expect(await draftsOf(store, ACCOUNT, "v", "note/")).toEqual([{ name: "note/air/air.dust", value: { note: "一" } }]);
    await dropDraft(store, place);
    expect(await draftsOf(store, ACCOUNT, "v", "note/")).toEqual([]);
  });
});

describe("a draft that becomes a deed", () => {
  const draft = { account_id: ACCOUNT, about: "v", name: "problem" };
  const said = { kind: "find_problem", account_id: ACCOUNT, task_id: "t", inspection_id: "v", payload: {}, draft } as const;

  it("is gone in the same instant: a phone that dies between the two shows nothing twice", async () => {
    await writeDraft(store, draft, { description: "示例" });
    const steps: string[] = [];
    store.deeds.hook("creating", () => void steps.push("deed"));
    store.drafts.hook("deleting", () => void steps.push("draft"));
    await keepDeed(store, said, lock);
    expect(steps).toEqual(["deed", "draft"]);
    expect(await readDraft(store, draft)).toBeNull();
  });

  it("stays when the deed could not be kept", async () => {
    await writeDraft(store, draft, { description: "示例" });
    await expect(keepDeed(store, { ...said, sha256: "0".repeat(64) }, lock)).rejects.toThrow();
    expect(await readDraft(store, draft)).toEqual({ description: "示例" });
    expect(await store.deeds.count()).toBe(0);
  });

  it("keeps the deed away when it cannot go itself", async () => {
    await writeDraft(store, draft, { description: "示例" });
    store.drafts.hook("deleting", () => {
      throw new Error("the disk says no");
    });
    await expect(keepDeed(store, said, lock)).rejects.toThrow();
    expect(await store.deeds.count()).toBe(0);
  });
});

describe("a phone that is full", () => {
  const full = (): never => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const describePhoto = (sha256: string) => ({ place: { account_id: ACCOUNT, about: "v", name: `photo/${sha256}` }, value: { sha256 } });

  it.each(["files", "drafts"] as const)("keeps neither the photo nor what is said of it when %s cannot be written", async (table) => {
    store[table].hook("creating", full);
    const reason = await keepFile(store, bytesOf("样本"), "image/jpeg", null, describePhoto).catch((said: unknown) => said);
    expect(isFull(reason)).toBe(true);
    expect([await store.files.count(), await store.drafts.count()]).toEqual([0, 0]);
  });

  it("says so in words that an officer understands, and nothing else is called full", () => {
    expect(wordsOf(new DOMException("full", "QuotaExceededError"))).toContain("存储空间不足");
    expect(isFull(new Error("something else"))).toBe(false);
    expect(isFull({ name: "AbortError", inner: { name: "QuotaExceededError" } })).toBe(true);
  });
});

describe("letting go of bytes", () => {
  const LATER = new Date(Date.now() + 8 * 86_400_000);
  const setAll = (state: DeedState): Promise<number> => store.deeds.toCollection().modify({ state });

  async function visitWithPhoto(): Promise<string> {
    const { sha256 } = await keepFile(store, bytesOf("样本"), "image/jpeg", "data:,");
    await keep("arrive_on_site");
    await keep("add_photo", sha256);
    await keep("submit_inspection");
    await setAll("accepted");
    await store.files.update(sha256, { sent_at: new Date().toISOString() });
    return sha256;
  }

  it("happens a week after the whole visit is with the server; the thumbnail stays", async () => {
    const sha256 = await visitWithPhoto();
    expect(await letGoOfFiles(store)).toEqual([]);
    expect(await letGoOfFiles(store, LATER)).toEqual([sha256]);
    expect(await store.files.get(sha256)).toMatchObject({ bytes: null, thumbnail: "data:," });
  });

  it("reads no file that is not old enough", async () => {
    const sha256 = await visitWithPhoto();
    const read: string[] = [];
    const note = (file: FileRow): FileRow => (read.push(file.sha256), file);
    store.files.hook("reading", note);
    await letGoOfFiles(store);
    expect(read).toEqual([]);
    await letGoOfFiles(store, LATER);
    store.files.hook("reading").unsubscribe(note);
    expect(read).toContain(sha256);
  });

  it.each(["kept", "waiting", "refused", "conflict"] as const)("never happens while a deed of the visit is %s", async (state) => {
    await visitWithPhoto();
    await store.deeds.where("seq").equals(1).modify({ state });
    expect(await letGoOfFiles(store, LATER)).toEqual([]);
  });

  it("never happens to a photo that was given up, to one in a draft, or to a visit that was not handed in", async () => {
    const sha256 = await visitWithPhoto();
    await store.deeds.where("seq").equals(2).modify({ state: "set_aside" });
    expect(await letGoOfFiles(store, LATER)).toEqual([]);
    await setAll("accepted");
    await writeDraft(store, { account_id: ACCOUNT, about: "v2", name: `photo/${sha256}` }, { sha256 });
    expect(await letGoOfFiles(store, LATER)).toEqual([]);
    await store.drafts.clear();
    await store.deeds.where("seq").equals(3).delete();
    expect(await letGoOfFiles(store, LATER)).toEqual([]);
  });
});

describe("letting go of visits", () => {
  const AFTER = new Date(Date.now() + 91 * 86_400_000);
  const settle = (state: DeedState): Promise<number> => store.deeds.toCollection().modify({ state });

  async function handedIn(): Promise<string> {
    await store.deeds.clear();
    const { sha256 } = await keepFile(store, bytesOf("样本"), "image/jpeg", "data:,");
    await keep("arrive_on_site");
    const photo = await keep("add_photo", sha256);
    await keep("submit_inspection");
    await settle("accepted");
    await store.files.update(sha256, { sent_at: new Date().toISOString() });
    await store.receipts.add({ deed_id: photo.id, heard_at: "", receipt: {} as never });
    return sha256;
  }

  it("happens three months after everything of them was signed for, and takes all of them", async () => {
    const sha256 = await handedIn();
    expect(await letGoOfVisits(store)).toEqual([]);
    expect(await letGoOfVisits(store, new Date(Date.now() + 89 * 86_400_000))).toEqual([]);
    expect(await letGoOfVisits(store, AFTER)).toHaveLength(1);
    expect([await store.deeds.count(), await store.receipts.count(), await store.files.get(sha256)]).toEqual([0, 0, undefined]);
  });

  it.each(["kept", "waiting", "refused", "conflict", "set_aside"] as const)("never happens while one deed is %s", async (state) => {
    await handedIn();
    const first = await store.deeds.orderBy("seq").first();
    await store.deeds.update(first!.seq!, { state });
    expect(await letGoOfVisits(store, AFTER)).toEqual([]);
    expect(await store.deeds.count()).toBe(3);
  });

  it("leaves a photo that another visit shows too", async () => {
    const sha256 = await handedIn();
    const other = (await store.deeds.toArray()).find((row) => row.kind === "add_photo")!;
    await store.deeds.add({ ...other, seq: undefined, id: "another", inspection_id: "another visit", task_id: "another task" });
    expect(await letGoOfVisits(store, AFTER)).toHaveLength(1);
    expect(await store.files.get(sha256)).toBeDefined();
  });
});

it("counting reads nothing of what was sent", async () => {
  const sent = Array.from({ length: 40 }, (_, number) => `sent ${number}`);
  await store.files.bulkAdd(sent.map((sha256) => ({ sha256, bytes: null, size: 0, media_type: "image/png", kept_at: "", thumbnail: null, sent_at: "2026-03-01T00:00:00Z" })));
  await store.uploads.bulkAdd(sent.map((sha256) => ({ sha256, url: null, sent: 0, receipt: null, problem: null, is_stuck: 0 as const })));
  const { sha256 } = await keepFile(store, bytesOf("样本"), "image/jpeg", null);
  await keep("add_photo", sha256);
  let read = 0;
  const note = <T>(row: T): T => ((read += 1), row);
  store.files.hook("reading", note);
  store.uploads.hook("reading", note);
  expect(await countOf(store, ACCOUNT)).toMatchObject({ files: 1, filesStuck: 0 });
  store.files.hook("reading").unsubscribe(note);
  store.uploads.hook("reading").unsubscribe(note);
  expect(read).toBe(0);
});

it("keeps a file once, and again if its bytes were let go", async () => {
  const { sha256 } = await keepFile(store, bytesOf("样本"), "image/jpeg", "data:,1");
  await keepFile(store, bytesOf("样本"), "image/jpeg", "data:,2");
  expect((await store.files.get(sha256))!.thumbnail).toBe("data:,1");
  await store.files.update(sha256, { bytes: null, sent_at: "2026-03-01T00:00:00Z" });
  await keepFile(store, bytesOf("样本"), "image/jpeg");
  const again = (await store.files.get(sha256))!;
  expect(await digestOfBytes(again.bytes!)).toBe(sha256);
  expect(again.sent_at).toBe("2026-03-01T00:00:00Z");
});

it("exports everything, bytes and all, as one JSON text", async () => {
  const long = "照片".repeat(40_000);
  const { sha256 } = await keepFile(store, bytesOf(long), "image/jpeg");
  await keepFile(store, bytesOf("第二张"), "image/png");
  const row = await keep("add_photo", sha256);
  await writeDraft(store, { account_id: ACCOUNT, about: "v", name: "conclusion" }, { conclusion: "未写完" });
  const said = JSON.parse((await exportOutbox(store)).join(""));
  expect(said.format).toBe(FORMAT);
  expect(said.deeds[0].deed).toEqual(row.deed);
  expect(said.drafts[0].value).toEqual({ conclusion: "未写完" });
  const file = said.files.find((one: { sha256: string }) => one.sha256 === sha256);
  expect(new TextDecoder().decode(Uint8Array.from(atob(file.bytes), (byte) => byte.charCodeAt(0)))).toBe(long);
  expect(said.files).toHaveLength(2);
});

it("a submission names no more forerunners than the server takes, and leaves out replaced answers first", async () => {
  await keep("arrive_on_site");
  const first = await keep("answer_item", undefined, { item_key: "a" });
  const rows = Array.from({ length: MOST_NEEDS }, (_, at) => ({ ...first, seq: undefined, id: `x${at}`, kind: "find_problem" as const, state: "accepted" as const }));
  await store.deeds.bulkAdd(rows);
  const last = await keep("answer_item", undefined, { item_key: "a" });
  const { deed } = await keep("submit_inspection");
  expect(deed.needs).toHaveLength(MOST_NEEDS);
  expect(deed.needs).toContain(last.id);
  expect(deed.needs).not.toContain(first.id);
});
