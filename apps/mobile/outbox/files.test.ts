// @vitest-environment node
import "fake-indexeddb/auto";
import { ed25519 } from "@noble/curves/ed25519.js";
import canonicalize from "canonicalize";
import { v7 as newId } from "uuid";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { believer, NOT_BELIEVED, type Believes } from "./believe";
import { Store } from "./db";
import { Answered, Unreachable } from "./faults";
import { tryFileAgain } from "./files";
import { keepDeed, keepFile } from "./keep";
import { pageLock } from "./lock";
import { setAside } from "./mend";
import { ModelServer, wrongNote } from "./model";
import { countOf, filesToSend } from "./queue";
import { sendRound } from "./send";
import { Sender } from "./sender";
import type { Deed, FileReceipt, Receipt } from "./shapes";
import { pieceFor } from "./upload";
import type { Answer, OnItsWay, Wire } from "./wire";

const ACCOUNT = "a";
const SECRET = new Uint8Array(32).fill(7);
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const KEY = hex(ed25519.getPublicKey(SECRET));
const signed = <T extends object>(said: T, secret = SECRET): T & { signature: string } => {
  const { signature: _none, ...rest } = said as T & { signature?: string };
  return { ...said, signature: hex(ed25519.sign(new TextEncoder().encode(canonicalize(rest)), secret)) };
};

let store: Store;
let turns = 0;
beforeEach(() => (store = new Store(`files ${turns++}`)));
afterEach(() => store.close());
const lock = pageLock();
const visit = newId();
const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

const keep = (kind: Deed["kind"], payload = {}, sha256?: string): Promise<unknown> =>
  keepDeed(store, { kind, account_id: ACCOUNT, task_id: "t", inspection_id: visit, payload: { inspection_id: visit, ...payload }, sha256 }, lock);

async function photo(text = "样本照片"): Promise<string> {
  const { sha256 } = await keepFile(store, bytesOf(text), "image/jpeg");
  await keep("add_photo", { sha256 }, sha256);
  return sha256;
}

/** A server that signs, and a line that a test can hold up. */
class Signing implements Wire {
  readonly server = new ModelServer(ACCOUNT);
  secret = SECRET;
  readonly ways: (OnItsWay | undefined)[] = [];
  onFile: (way: OnItsWay | undefined) => Promise<void> = async () => undefined;
  saidOfFile: Partial<FileReceipt> = {};

  whoAmI = async (): Promise<string> => ACCOUNT;

  async putFile(sha256: string, bytes: ArrayBuffer, media_type: string, way?: OnItsWay): Promise<FileReceipt> {
    this.ways.push(way);
    await this.onFile(way);
    await this.server.keep(sha256, bytes);
    const said = { sha256, size: bytes.byteLength, media_type, outcome: "kept" as const, received_at: "2026-03-01T01:00:00Z", ...this.saidOfFile };
    return signed(said, this.secret);
  }

  async postDeeds(deeds: Deed[]): Promise<Answer> {
    const receipts: Receipt[] = (await this.server.take(deeds)).map((receipt) => signed(receipt, this.secret));
    return { receipts, server_now: new Date().toISOString() };
  }
}

const believes: Believes = believer(async () => KEY);
const round = (wire: Wire, check: Believes | undefined = believes) => sendRound({ store, wire, account_id: ACCOUNT, now: () => new Date(), believes: check });

describe("a receipt", () => {
  const said = { deed_id: newId(), digest: "0".repeat(64), outcome: "refused", received_at: "2026-03-01T01:00:00Z", problem: { code: "示例", title: "é\u2028𠮷" } };

  it.each([["WebCrypto", false], ["the library, where a browser has none", true]])("is believed if the server signed it, by %s", async (_how, isOld) => {
    const imported = isOld ? vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("", "NotSupportedError")) : null;
    expect(await believes(signed(said))).toBe(true);
    expect(await believes({ ...signed(said), outcome: "accepted" })).toBe(false);
    expect(await believes(signed(said, new Uint8Array(32).fill(8)))).toBe(false);
    imported?.mockRestore();
  });

  it.each([undefined, "", "00", "z".repeat(128), 5])("without a signature is not believed (%s)", async (signature) => {
    expect(await believes({ ...said, signature })).toBe(false);
  });

  it("is not believed by a phone that does not know the key", async () => {
    expect(await believer(async () => null)(signed(said))).toBe(false);
  });
});

describe("receipts of somebody else", () => {
  it("leave the record unsent, and the row says so", async () => {
    const wire = new Signing();
    wire.secret = new Uint8Array(32).fill(9);
    await keep("arrive_on_site");
    expect((await round(wire)).problem).toEqual(NOT_BELIEVED);
    const [row] = await store.deeds.toArray();
    expect(row).toMatchObject({ state: "kept", is_in_doubt: true, problem: { code: "client.receipt_not_believed" } });
    expect(await store.receipts.count()).toBe(0);
    wire.secret = SECRET;
    await round(wire);
    expect(await store.deeds.get(row!.seq!)).toMatchObject({ state: "accepted", problem: null });
  });

  it.each([
    ["another key", (wire: Signing) => (wire.secret = new Uint8Array(32).fill(9))],
    ["another file", (wire: Signing) => (wire.saidOfFile = { sha256: "0".repeat(64) })],
    ["another size", (wire: Signing) => (wire.saidOfFile = { size: 1 })],
  ])("do not let go of a file: %s", async (_what, spoil) => {
    const wire = new Signing();
    await keep("arrive_on_site");
    const sha256 = await photo();
    await sendRound({ store, wire: Object.assign(Object.create(wire) as Wire, { putFile: async () => Promise.reject(new Unreachable()) }), account_id: ACCOUNT, now: () => new Date() });
    const good = { ...wire, secret: wire.secret, saidOfFile: wire.saidOfFile };
    spoil(wire);
    await round(wire);
    expect((await store.files.get(sha256))!.sent_at).toBe("");
    expect(await store.uploads.get(sha256)).toMatchObject({ receipt: null, is_stuck: 0, problem: { code: "client.receipt_not_believed" } });
    Object.assign(wire, { secret: good.secret, saidOfFile: good.saidOfFile });
    await round(wire);
    expect((await store.files.get(sha256))!.sent_at).not.toBe("");
    expect((await store.uploads.get(sha256))!.receipt).toMatchObject({ sha256, outcome: "kept" });
  });
});

describe("a file on its way", () => {
  it("goes on where it was after the page was closed", async () => {
    await keep("arrive_on_site");
    const sha256 = await photo();
    const wire = new Signing();
    wire.onFile = async (way) => {
      way!.begun("/api/evidence/uploads/1");
      way!.held(5);
      await vi.waitFor(async () => expect(await store.uploads.get(sha256)).toMatchObject({ url: "/api/evidence/uploads/1", sent: 5 }));
      throw new Unreachable();
    };
    expect((await round(wire)).end).toBe("unreachable");
    store.close();
    store = new Store(store.name);
    wire.onFile = async () => undefined;
    await round(wire);
    expect(wire.ways.map((way) => way!.url)).toEqual([null, "/api/evidence/uploads/1"]);
    expect(await countOf(store, ACCOUNT)).toMatchObject({ files: 0, filesStuck: 0 });
  });

  it("that the server knows with other content is shown to a person, and goes when the person says so", async () => {
    await keep("arrive_on_site");
    const sha256 = await photo();
    const wire = new Signing();
    wire.onFile = async () => Promise.reject(new Answered(409, { code: "evidence.upload_conflict", title: "冲突" }));
    await round(wire);
    expect(await store.uploads.get(sha256)).toMatchObject({ is_stuck: 1, problem: { code: "evidence.upload_conflict" } });
    expect(await countOf(store, ACCOUNT)).toMatchObject({ unsent: 0, files: 1, filesStuck: 1 });
    expect(await filesToSend(store, ACCOUNT)).toEqual([]);
    await tryFileAgain(store, sha256);
    wire.onFile = async () => undefined;
    await round(wire);
    expect(await countOf(store, ACCOUNT)).toMatchObject({ files: 0, filesStuck: 0 });
  });

  it("holds up neither a new deed nor mending", async () => {
    await keep("arrive_on_site");
    await photo();
    await keep("answer_item", { item_key: "a", note: wrongNote });
    const wire = new Signing();
    let arrive = (): void => undefined;
    wire.onFile = () => new Promise<void>((resolve) => (arrive = resolve));
    const sender = new Sender({ store, wire, account_id: ACCOUNT, now: () => new Date(), believes }, undefined, lock);
    await sender.kick();
    await vi.waitFor(() => expect(wire.ways).toHaveLength(1));
    expect(sender.state).toMatchObject({ is_sending: true });
    await keep("answer_item", { item_key: "b" });
    await sender.kick();
    const refused = (await store.deeds.toArray()).find((row) => row.state === "refused")!;
    await setAside(store, refused.id, lock);
    expect(wire.server.done.map((deed) => deed.payload.item_key ?? deed.kind)).toEqual(["arrive_on_site", "add_photo", "b"]);
    arrive();
    await vi.waitFor(() => expect(sender.state).toMatchObject({ is_sending: false, file: null }));
    expect(wire.server.files.size).toBe(1);
    await sender.stop();
  });

  it("says how far it is", async () => {
    await keep("arrive_on_site");
    const sha256 = await photo("照".repeat(1000));
    const wire = new Signing();
    wire.onFile = async (way) => [300, 301, 1500].forEach((sent) => way!.moved(sent));
    const seen: (number | undefined)[] = [];
    const sender = new Sender({ store, wire, account_id: ACCOUNT, now: () => new Date(), believes }, (state) => seen.push(state.file?.sha256 === sha256 ? state.file.sent : undefined), lock);
    await sender.kick();
    await vi.waitFor(() => expect(sender.state.is_sending).toBe(false));
    expect([...new Set(seen.filter((sent) => sent !== undefined))]).toEqual([0, 300, 1500]);
    await sender.stop();
  });
});

it("a store of an older version keeps its files and knows which of them were sent", async () => {
  const name = `older ${turns++}`;
  const { default: Dexie } = await import("dexie");
  const older = new Dexie(name);
  older.version(1).stores({
    deeds: "++seq, &id, account_id, [account_id+state], task_id, inspection_id, sha256", files: "sha256",
    receipts: "++seq, deed_id", drafts: "key, about, account_id", tasks: "id, account_id", settings: "name",
  });
  await older.table("files").bulkAdd([{ sha256: "sent", sent_at: "2026-03-01T00:00:00Z" }, { sha256: "left", sent_at: null }]);
  await older.table("deeds").bulkAdd(["sent", "left"].map((sha256) => ({ id: sha256, account_id: ACCOUNT, state: "kept", sha256, kind: "add_photo", deed: { kind: "add_photo", needs: [], payload: {} } })));
  older.close();
  const newer = new Store(name);
  expect((await filesToSend(newer, ACCOUNT)).map((file) => file.sha256)).toEqual(["left"]);
  newer.close();
});

it("pieces fit the line: some seconds long, never tiny, never huge", () => {
  expect(pieceFor(256 * 1024, 10_500)).toBeGreaterThan(200_000); // 200 kbit/s
  expect(pieceFor(256 * 1024, 10_500)).toBeLessThan(300_000);
  expect(pieceFor(64 * 1024, 600_000)).toBe(64 * 1024);
  expect(pieceFor(256 * 1024, 20)).toBe(512 * 1024);
});
