// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { v7 as newId } from "uuid";
import { afterEach, describe, expect, it } from "vitest";
import { Store } from "./db";
import { writeDraft, readDraft } from "./drafts";
import { keepDeed, keepFile } from "./keep";
import { pageLock } from "./lock";
import { dice, BadWire, ModelServer } from "./model";
import { countOf } from "./queue";
import { COPIED, Copy, followWith, type Restored } from "./second";
import { sendRound } from "./send";

const ACCOUNT = "a";
const visit = newId();
let turns = 0;
const open = new Set<Store | Copy>();
afterEach(() => {
  for (const one of open) one.close();
  open.clear();
});

/** A phone whose browser may throw away its store, or the copy of it. */
class Phone {
  readonly server = new ModelServer(ACCOUNT);
  private readonly name = `second ${turns++}`;
  private place = new IDBFactory();
  store!: Store;
  copy!: Copy;
  readonly deeds: string[] = [];
  readonly files = new Set<string>();
  readonly drafts = new Map<string, string>();

  async start(): Promise<Restored | null> {
    this.store = new Store(this.name);
    this.copy = new Copy(this.place);
    open.add(this.store).add(this.copy);
    return followWith(this.store, this.copy);
  }

  /** What is under way is lost; nothing was said to anybody. */
  kill(): void {
    this.store.close();
    this.copy.close();
  }

  async loseStore(): Promise<void> {
    this.kill();
    await new Promise((resolve) => (indexedDB.deleteDatabase(this.name).onsuccess = resolve));
  }

  loseCopy(): void {
    this.kill();
    this.place = new IDBFactory();
  }

  async arrive(): Promise<void> {
    this.deeds.push((await keepDeed(this.store, { ...said, kind: "arrive_on_site", payload: { inspection_id: visit } }, pageLock())).id);
  }

  async photograph(text: string): Promise<void> {
    const { sha256 } = await keepFile(this.store, new TextEncoder().encode(text).buffer, "image/jpeg");
    this.files.add(sha256);
    this.deeds.push((await keepDeed(this.store, { ...said, payload: { inspection_id: visit, sha256 }, sha256 }, pageLock())).id);
  }

  async type(name: string, words: string): Promise<void> {
    await writeDraft(this.store, { account_id: ACCOUNT, about: visit, name }, words);
    this.drafts.set(name, words);
  }

  async send(): Promise<void> {
    const wire = new BadWire(this.server, () => 1, () => undefined);
    await pageLock()("sending", () => sendRound({ store: this.store, wire, account_id: ACCOUNT, now: () => new Date() }));
  }

  /** Everything that was acknowledged is here, or its file with the server. */
  async hasAll(): Promise<void> {
    const there = (await this.store.deeds.orderBy("seq").toArray()).map((row) => row.id);
    expect(there.filter((id) => this.deeds.includes(id))).toEqual(this.deeds);
    for (const sha256 of this.files) {
      const kept = await this.store.files.get(sha256);
      expect(kept?.bytes ?? this.server.files.get(sha256), sha256).toBeTruthy();
    }
    for (const [name, words] of this.drafts) expect(await readDraft(this.store, { account_id: ACCOUNT, about: visit, name })).toBe(words);
  }
}

const said = { kind: "add_photo" as const, account_id: ACCOUNT, task_id: "t", inspection_id: visit };

describe("a phone whose browser threw its store away", () => {
  it("has everything again that it had said was safe, and sends it", async () => {
    const phone = new Phone();
    expect(await phone.start()).toBeNull();
    await phone.arrive();
    await phone.photograph("样本一");
    await phone.send();
    await phone.photograph("样本二");
    await phone.type("problem", "示例：写到一半");
    await phone.loseStore();
    expect(await phone.start()).toEqual({ deeds: 3, files: 2 });
    await phone.hasAll();
    expect(await countOf(phone.store, ACCOUNT)).toMatchObject({ total: 3, accepted: 2, unsent: 1, files: 1 });
    await phone.send();
    expect(await countOf(phone.store, ACCOUNT)).toMatchObject({ accepted: 3, unsent: 0, files: 0 });
    expect([...phone.server.files.keys()].sort()).toEqual([...phone.files].sort());
  });

  it.each(Array.from({ length: 25 }, (_none, seed) => seed))("loses nothing in any order of loss, seed %i", async (seed) => {
    const roll = dice(seed);
    const phone = new Phone();
    await phone.start();
    await phone.arrive();
    for (let step = 0; step < 25; step++) {
      const what = roll();
      if (what < 0.4) await phone.photograph(`样本 ${seed} ${step}`);
      else if (what < 0.55) await phone.type(`field ${step % 3}`, `示例 ${step}`);
      else if (what < 0.7) await phone.send();
      else {
        const half = phone.photograph(`半途 ${seed} ${step}`).catch(() => undefined); // whether this was kept nobody was told
        if (roll() < 0.5) await Promise.resolve();
        if (what < 0.85) await phone.loseStore();
        else if (what < 0.93) phone.loseCopy();
        else phone.kill();
        await half;
        await phone.start();
        await phone.hasAll();
        if (what >= 0.85 && what < 0.93) await phone.store.second.settled(); // both lost at once nobody survives
      }
    }
    await phone.loseStore();
    await phone.start();
    await phone.hasAll();
    for (let round = 0; round < 3; round++) await phone.send();
    expect(await countOf(phone.store, ACCOUNT)).toMatchObject({ unsent: 0, files: 0 });
    for (const sha256 of phone.files) expect(phone.server.files.has(sha256)).toBe(true);
    expect(phone.server.done.length).toBe(new Set(phone.server.done.map((deed) => deed.id)).size);
  });

  it("has a copy of every table but that of positions", () => {
    const store = new Store("tables");
    open.add(store);
    expect(store.tables.map((table) => table.name).filter((name) => !(name in COPIED))).toEqual(["fixes"]);
    for (const table of store.tables.filter(({ name }) => name in COPIED)) expect(table.schema.primKey.keyPath).toBe(COPIED[table.name as keyof typeof COPIED]);
  });
});
