// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Store } from "./db";
import { keepDeed } from "./keep";
import { pageLock } from "./lock";
import { ModelServer } from "./model";
import { Sender } from "./sender";
import type { Deed } from "./shapes";
import { Answered, Unreachable, type Answer, type Wire } from "./wire";

const ACCOUNT = "a";
let store: Store;
let turns = 0;
beforeEach(() => (store = new Store(`sender ${turns++}`)));
afterEach(() => {
  store.close();
  vi.useRealTimers();
});

const lock = pageLock();
const keep = (task_id = "t"): Promise<unknown> =>
  keepDeed(store, { kind: "accept_task", account_id: ACCOUNT, task_id, inspection_id: "", payload: {} }, lock);

class Wired implements Wire {
  readonly posts: Deed[][] = [];
  private readonly server = new ModelServer(ACCOUNT);
  trouble: Error | null = null;
  whenPosted: () => Promise<unknown> = async () => undefined;

  async whoAmI(): Promise<string> {
    if (this.trouble) throw this.trouble;
    return ACCOUNT;
  }

  async putFile(): Promise<void> {}

  async postDeeds(deeds: Deed[]): Promise<Answer> {
    this.posts.push(deeds);
    await this.whenPosted();
    if (this.trouble) throw this.trouble;
    return { receipts: await this.server.take(deeds), server_now: new Date(Date.now() - 1500).toISOString() };
  }
}

const sender = (wire: Wire): Sender => new Sender({ store, wire, account_id: ACCOUNT, now: () => new Date() }, undefined, lock);

it("sends once more what was kept while it was sending", async () => {
  const wire = new Wired();
  const one = sender(wire);
  await keep();
  wire.whenPosted = async () => {
    wire.whenPosted = async () => undefined;
    await keep("another");
    void one.kick();
  };
  await one.kick();
  expect(wire.posts.map((deeds) => deeds.length)).toEqual([1, 1]);
});

it("two pages of one browser do not send the same deed twice", async () => {
  const wire = new Wired();
  await keep();
  await Promise.all([sender(wire).kick(), sender(wire).kick()]);
  expect(wire.posts).toHaveLength(1);
});

it("pauses longer and longer while nobody answers, and starts anew when woken", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const wire = new Wired();
  wire.trouble = new Unreachable();
  const one = sender(wire);
  await keep();
  const pauses: number[] = [];
  for (let turn = 0; turn < 10; turn++) {
    await one.kick();
    pauses.push(Math.round((one.state.next_at! - Date.now()) / 1000));
  }
  expect(pauses).toEqual([3, 6, 12, 24, 48, 96, 192, 300, 300, 300]);
  await one.wake();
  expect(Math.round((one.state.next_at! - Date.now()) / 1000)).toBe(3);
  one.stop();
});

it("does not knock again by itself once the session has ended", async () => {
  const wire = new Wired();
  wire.trouble = new Answered(401, { code: "access.signed_out", title: "请登录" });
  const one = sender(wire);
  await keep();
  await one.kick();
  expect(one.state).toMatchObject({ is_sending: false, next_at: null, last: { end: "signed_out" } });
});

it("asks nobody when there is nothing to send", async () => {
  const wire = new Wired();
  const asked = vi.spyOn(wire, "whoAmI");
  await sender(wire).kick();
  expect(asked).not.toHaveBeenCalled();
});

it("learns how far this clock is ahead of the server's", async () => {
  await keep();
  await sender(new Wired()).kick();
  const drift_ms = await store.setting<number>("drift_ms");
  expect(Math.abs(drift_ms! - 1500)).toBeLessThan(400);
});

it("one deed that breaks the server does not hold up the others", async () => {
  const wire = new Wired();
  const good = wire.postDeeds.bind(wire);
  wire.postDeeds = async (deeds) => {
    if (deeds.some((deed) => deed.task_id === "bad")) throw new Answered(500, { code: "kernel.broken", title: "服务器出错" });
    return good(deeds);
  };
  for (const task of ["one", "two", "bad", "three", "four"]) await keep(task);
  const one = sender(wire);
  await one.kick();
  one.stop();
  const rows = await store.deeds.orderBy("seq").toArray();
  expect(rows.map((row) => row.state)).toEqual(["accepted", "accepted", "kept", "accepted", "accepted"]);
  expect(rows[2]).toMatchObject({ is_in_doubt: true, problem: { code: "kernel.broken" } });
});
