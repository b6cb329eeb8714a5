// @vitest-environment node
import "fake-indexeddb/auto";
import { v7 as newId } from "uuid";
import { expect, it } from "vitest";
import { Store } from "./db";
import { digestOfBytes } from "./digest";
import { FileNotKept, keepDeed, keepFile } from "./keep";
import { pageLock, type Exclusively } from "./lock";
import { joinVisit, replaceDeed, setAside, tryAgain } from "./mend";
import { BadWire, dice, ModelServer, wrongNote } from "./model";
import { countOf, filesToSend, queueOf } from "./queue";
import { sendRound } from "./send";
import { isStuck, type DeedKind, type DeedRow, type JsonRecord } from "./shapes";

const ACCOUNT = "0198a000-0000-7000-8000-0000000000aa";

/** One phone through many lives: its store outlives the page, nothing else does. */
class Phone {
  store!: Store;
  wire!: BadWire;
  lock!: Exclusively;
  /** Marks of everything that the screen said was done. */
  readonly said = new Set<string>();
  readonly givenUp = new Set<string>();
  private died!: Promise<void>;
  private readonly task_id = newId();
  private readonly visit = newId();
  private clock = Date.parse("2026-03-01T01:00:00Z");
  private marks = 0;
  isDiskBad = false;

  constructor(readonly server: ModelServer, private readonly roll: () => number, private readonly name: string) {
    this.begin();
  }

  /** The page is opened, after it was closed in whatever it was doing. */
  begin(): void {
    this.store?.close();
    this.store = new Store(this.name);
    this.store.use({
      stack: "dbcore",
      name: "bad disk",
      create: (core) => ({
        ...core,
        table: (name) => {
          const table = core.table(name);
          return { ...table, mutate: (asked) => (this.isDiskBad && this.roll() < 0.1 ? Promise.reject(new Error("disk full")) : table.mutate(asked)) };
        },
      }),
    });
    this.lock = pageLock();
    this.died = new Promise((die) => (this.wire = new BadWire(this.server, this.roll, die)));
  }

  async do(kind: DeedKind, payload: JsonRecord = {}, sha256?: string): Promise<void> {
    const mark = `${kind} ${this.marks++}`;
    this.clock += (this.roll() < 0.1 ? -3_600_000 : 40_000) * this.roll();
    const named: JsonRecord = sha256 === undefined ? {} : { sha256 };
    await keepDeed(
      this.store,
      {
        kind, account_id: ACCOUNT, task_id: this.task_id, inspection_id: kind === "accept_task" ? "" : this.visit,
        payload: { inspection_id: this.visit, mark, ...payload, ...named }, sha256, happened_at: new Date(this.clock),
      },
      this.lock,
    );
    this.said.add(mark);
  }

  async photo(problem_id?: string): Promise<void> {
    const bytes = new TextEncoder().encode(`样本照片 ${this.roll()}`).buffer;
    const { sha256 } = await keepFile(this.store, bytes, "image/jpeg");
    await this.do("add_photo", problem_id ? { problem_id } : {}, sha256);
  }

  /** True if the page lived through it. */
  async send(): Promise<boolean> {
    const round = sendRound({ store: this.store, wire: this.wire, account_id: ACCOUNT, now: () => new Date(this.clock) });
    const outcome = await Promise.race([round.then(() => "lived", () => "lived"), this.died.then(() => "died")]);
    if (outcome === "died") this.begin();
    return outcome === "lived";
  }

  rows(): Promise<DeedRow[]> {
    return this.store.deeds.orderBy("seq").toArray();
  }

  async mendOne(): Promise<void> {
    const row = (await this.rows()).find(isStuck);
    if (row === undefined) return;
    const luck = this.roll();
    if (luck < 0.2) return tryAgain(this.store, row.id, this.lock);
    const mark = String(row.deed.payload.mark);
    if (luck < 0.4 && row.kind === "answer_item") {
      await setAside(this.store, row.id, this.lock);
      this.givenUp.add(mark);
      return;
    }
    await replaceDeed(this.store, row.id, { ...row.deed.payload, note: "改好了" }, undefined, this.lock);
  }
}

/** Fails if something that the screen said was done is nowhere, or was done twice. */
function expectNothingLostOrDoubled(phone: Phone): void {
  const marks = phone.server.done.map((deed) => String(deed.payload.mark));
  expect(marks.length, "doubled").toBe(new Set(marks).size);
  const expected = [...phone.said].filter((mark) => !phone.givenUp.has(mark));
  expect(new Set(marks)).toEqual(new Set(expected));
}

/** Every picture that a done deed names is with the server, byte for byte. */
async function expectEveryFileThere(phone: Phone): Promise<void> {
  const named = phone.server.done.map((deed) => deed.payload.sha256).filter((sha256) => typeof sha256 === "string");
  for (const sha256 of named) expect(await digestOfBytes(phone.server.files.get(sha256)!)).toBe(sha256);
}

async function settle(phone: Phone): Promise<void> {
  phone.isDiskBad = false;
  for (let turn = 0; turn < 60; turn++) {
    phone.wire.isCalm = true;
    await phone.send();
    await phone.mendOne();
    const { unsent, files } = await countOf(phone.store, ACCOUNT);
    if (unsent + files === 0) return;
  }
  throw new Error(`still unsent: ${JSON.stringify((await phone.rows()).filter((row) => row.state !== "accepted"))}`);
}

const isWell = (work: Promise<void>): Promise<boolean> => work.then(() => true, () => false);

async function wholeVisit(phone: Phone, roll: () => number): Promise<void> {
  const steps: (() => Promise<void>)[] = [() => phone.do("accept_task"), () => phone.do("arrive_on_site", roll() < 0.15 ? { note: wrongNote } : {})];
  for (let at = 0; at < 4 + roll() * 8; at++) {
    const problem_id = newId();
    steps.push(() => phone.do("answer_item", { item_key: `air.${at}`, ...(roll() < 0.15 ? { note: wrongNote } : {}) }));
    if (roll() < 0.4) steps.push(() => phone.photo());
    if (roll() < 0.3) steps.push(() => phone.do("find_problem", { problem_id, ...(roll() < 0.2 ? { note: wrongNote } : {}) }), () => phone.photo(problem_id));
  }
  steps.push(() => phone.do("submit_inspection"));
  for (const step of steps) {
    phone.isDiskBad = roll() < 0.2;
    while (!(await isWell(step()))) phone.isDiskBad = roll() < 0.2; // the screen says that it was not kept: once more
    if (roll() < 0.4) await phone.send();
    if (roll() < 0.15) phone.begin();
    if (roll() < 0.2) await phone.wire.deliverLate();
    if (roll() < 0.2) await isWell(phone.mendOne());
  }
}

const SEEDS = Array.from({ length: 80 }, (_, at) => 20260301 + at);

it.each(SEEDS)("loses and doubles nothing, whatever happens (seed %i)", async (seed) => {
  const roll = dice(seed);
  const phone = new Phone(new ModelServer(ACCOUNT), roll, `chaos ${seed}`);
  await wholeVisit(phone, roll);
  await settle(phone);
  await phone.wire.deliverLate();
  expectNothingLostOrDoubled(phone);
  await expectEveryFileThere(phone);
  for (const row of await phone.rows()) {
    if (row.state === "accepted") expect(phone.server.accepted.get(row.id)?.digest).toBe(row.deed.digest);
  }
  phone.store.close();
});

async function fresh(name: string): Promise<Phone> {
  const phone = new Phone(new ModelServer(ACCOUNT), () => 1, name);
  phone.wire.isCalm = true;
  return phone;
}

it("a deed that names a file which is not on the phone is not kept", async () => {
  const phone = await fresh("no file");
  await expect(phone.do("add_photo", {}, "0".repeat(64))).rejects.toBeInstanceOf(FileNotKept);
  expect(await phone.rows()).toEqual([]);
});

it("the submission needs every earlier deed of its visit, and nothing that was given up", async () => {
  const phone = await fresh("needs");
  await phone.do("accept_task");
  await phone.do("arrive_on_site");
  await phone.do("answer_item", { item_key: "a", note: wrongNote });
  await phone.do("answer_item", { item_key: "b" });
  await phone.do("submit_inspection");
  const [accept, arrive, wrong, right, submit] = await phone.rows();
  expect(arrive!.deed.needs).toEqual([accept!.id]);
  expect(submit!.deed.needs).toEqual([arrive!.id, wrong!.id, right!.id]);
  await phone.send();
  expect(await countOf(phone.store, ACCOUNT)).toEqual({ total: 5, accepted: 3, unsent: 2, stuck: 1, blocked: 1, files: 0, filesStuck: 0 });
  await setAside(phone.store, wrong!.id, phone.lock);
  const rows = await phone.rows();
  expect(rows.find((row) => row.id === submit!.id)!.state).toBe("mended");
  expect(rows.at(-1)!.deed.needs).toEqual([arrive!.id, right!.id]);
  await phone.send();
  expect(await countOf(phone.store, ACCOUNT)).toEqual({ total: 4, accepted: 4, unsent: 0, stuck: 0, blocked: 0, files: 0, filesStuck: 0 });
});

it("a corrected deed keeps the time and place of the first", async () => {
  const phone = await fresh("corrected");
  await phone.do("arrive_on_site");
  await phone.do("answer_item", { item_key: "a", note: wrongNote });
  await phone.send();
  const wrong = (await phone.rows())[1]!;
  const right = await replaceDeed(phone.store, wrong.id, { ...wrong.deed.payload, note: "改好了" }, undefined, phone.lock);
  expect(right.deed.happened_at).toBe(wrong.deed.happened_at);
  expect(right.id).not.toBe(wrong.id);
  expect((await phone.rows())[1]).toMatchObject({ state: "mended", replaced_by: right.id });
});

it("a form is in before its pictures, and only what must wait for a file waits", async () => {
  const phone = await fresh("form first");
  await phone.do("arrive_on_site");
  await phone.photo();
  const { sha256 } = await keepFile(phone.store, new TextEncoder().encode("样本签名").buffer, "image/png");
  await phone.do("sign_inspection", {}, sha256);
  await phone.do("submit_inspection");
  const { ready, fileFirst } = await queueOf(phone.store, ACCOUNT);
  expect(ready.map((row) => row.kind)).toEqual(["arrive_on_site", "add_photo"]);
  expect(fileFirst.map((row) => row.kind)).toEqual(["sign_inspection"]);
  const filesWhen = new Map<string, number>();
  const post = phone.wire.postDeeds.bind(phone.wire);
  phone.wire.postDeeds = (deeds) => {
    for (const deed of deeds) filesWhen.set(deed.kind, phone.server.files.size);
    return post(deeds);
  };
  expect((await filesToSend(phone.store, ACCOUNT)).map((file) => file.naming[0]!.kind)).toEqual(["sign_inspection", "add_photo"]);
  await phone.send();
  expect(Object.fromEntries(filesWhen)).toEqual({ arrive_on_site: 0, add_photo: 0, sign_inspection: 1, submit_inspection: 1 });
  expect(phone.server.files.size).toBe(2);
});

it("a photo says how large it is and of what kind", async () => {
  const phone = await fresh("said");
  await phone.photo();
  const [file] = await phone.store.files.toArray();
  expect((await phone.rows())[0]!.deed.payload).toMatchObject({ sha256: file!.sha256, size: file!.size, media_type: "image/jpeg" });
});

it("a photo of an older version of the app, which did not say, still waits for its file", async () => {
  const phone = await fresh("older");
  await phone.photo();
  const [row] = await phone.rows();
  const { size: _size, media_type: _kind, ...payload } = row!.deed.payload;
  await phone.store.deeds.update(row!.seq!, { deed: { ...row!.deed, payload } });
  const { ready, fileFirst } = await queueOf(phone.store, ACCOUNT);
  expect([ready.length, fileFirst.length]).toEqual([0, 1]);
});

it("bytes that changed on the phone are noticed before they are sent, and a person is told", async () => {
  const phone = await fresh("damaged");
  await phone.do("arrive_on_site");
  await phone.photo();
  const [file] = await phone.store.files.toArray();
  await phone.store.files.update(file!.sha256, { bytes: new TextEncoder().encode("别的").buffer });
  await phone.send();
  expect(await phone.store.uploads.get(file!.sha256)).toMatchObject({ is_stuck: 1, problem: { code: "client.file_damaged" } });
  expect(await countOf(phone.store, ACCOUNT)).toMatchObject({ unsent: 0, files: 1, filesStuck: 1 });
  expect(phone.server.files.size).toBe(0);
});

it("a server set back to an older state gets again what it lost", async () => {
  const phone = await fresh("set back");
  await phone.do("arrive_on_site");
  await phone.photo();
  await phone.send();
  phone.server.accepted.clear();
  phone.server.files.clear();
  phone.server.done.length = 0;
  await phone.do("answer_item", { item_key: "a" });
  await phone.do("submit_inspection");
  await settle(phone);
  expectNothingLostOrDoubled(phone);
  await expectEveryFileThere(phone);
});

it("nothing is sent in the name of another account", async () => {
  const phone = await fresh("another");
  await phone.do("accept_task");
  const wire = Object.assign(Object.create(phone.wire) as BadWire, { whoAmI: async () => "somebody else" });
  const round = await sendRound({ store: phone.store, wire, account_id: ACCOUNT, now: () => new Date() });
  expect(round.end).toBe("signed_out");
  expect(phone.server.done).toEqual([]);
});

it("a visit that another phone had begun takes in what was recorded here", async () => {
  const phone = await fresh("joined");
  const theirs = newId();
  await phone.do("arrive_on_site", { inspection_id: theirs });
  await phone.send();
  await phone.do("arrive_on_site", { note: wrongNote });
  await phone.do("answer_item", { item_key: "a" });
  await phone.photo();
  await phone.do("submit_inspection");
  await phone.send();
  const refused = (await phone.rows()).find(isStuck)!;
  await joinVisit(phone.store, refused.id, theirs, phone.lock);
  await phone.send();
  expect((await countOf(phone.store, ACCOUNT)).unsent).toBe(0);
  const [, ...joined] = phone.server.done;
  expect(joined.map((deed) => deed.kind)).toEqual(["answer_item", "add_photo", "submit_inspection"]);
  expect(joined.every((deed) => deed.payload.inspection_id === theirs)).toBe(true);
  expect((await phone.rows()).find((row) => row.id === refused.id)!.state).toBe("set_aside");
});
