// @vitest-environment node
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { Store } from "./db";
import { digestOfBytes, digestOfDeed } from "./digest";
import { pageLock } from "./lock";
import { BadWire, ModelServer } from "./model";
import { countOf } from "./queue";
import { sendRound } from "./send";
import { NOT_SENT } from "./shapes";

/**
 * The store as version 1 of the app made it, written without the app's own code: it must open in every later version with every
 * row in it. A new version is added to `Store` below the old ones, and its shape here, beside this one.
 */
const VERSION_1 = {
  deeds: { keyPath: "seq", autoIncrement: true, indexes: { id: ["id", true], account_id: ["account_id"], "[account_id+state]": [["account_id", "state"]], task_id: ["task_id"], inspection_id: ["inspection_id"], sha256: ["sha256"] } },
  files: { keyPath: "sha256", indexes: {} },
  receipts: { keyPath: "seq", autoIncrement: true, indexes: { deed_id: ["deed_id"] } },
  drafts: { keyPath: "key", indexes: { about: ["about"], account_id: ["account_id"] } },
  tasks: { keyPath: "id", indexes: { account_id: ["account_id"] } },
  settings: { keyPath: "name", indexes: {} },
} as Record<string, { keyPath: string; autoIncrement?: boolean; indexes: Record<string, [string | string[], boolean?]> }>;
/** Dexie counts in tens. */
const NATIVE_VERSION = 10;
const [ACCOUNT, TASK, VISIT] = ["a", "t", "v"];
const PHOTO = new TextEncoder().encode("示例照片").buffer;

async function deedRow(kind: string, needs: string[], payload: object, more: object = {}) {
  const id = crypto.randomUUID();
  const deed = { id, kind, task_id: TASK, happened_at: "2026-03-01T01:00:00.000Z", device: { id: "d" }, needs, payload: { inspection_id: VISIT, ...payload } };
  const digest = await digestOfDeed(deed as never);
  return { id, account_id: ACCOUNT, task_id: TASK, inspection_id: VISIT, kind, state: "kept", deed: { ...deed, digest }, sha256: "", is_in_doubt: false, problem: null, replaced_by: null, ...more };
}

async function oldRows(): Promise<Record<string, object[]>> {
  const sha256 = await digestOfBytes(PHOTO);
  const arrival = await deedRow("arrive_on_site", [], {});
  const photo = await deedRow("add_photo", [arrival.id], { sha256, purpose: "示例" }, { sha256 });
  return {
    deeds: [arrival, photo],
    files: [{ sha256, bytes: PHOTO, size: PHOTO.byteLength, media_type: "image/png", kept_at: "2026-03-01T01:00:00.000Z", thumbnail: null, sent_at: null }],
    receipts: [{ deed_id: "earlier", heard_at: "2026-03-01T01:00:00.000Z", receipt: { deed_id: "earlier" } }],
    drafts: [{ key: "a/t/problem", account_id: ACCOUNT, about: TASK, value: { description: "示例草稿" }, changed_at: "2026-03-01T01:00:00.000Z" }],
    tasks: [{ id: TASK, account_id: ACCOUNT, task: {}, heard_at: "2026-03-01T01:00:00.000Z", pack: null, pack_saved_at: null }],
    settings: [{ name: "device_id", value: "d" }],
  };
}

function openOld(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, NATIVE_VERSION);
    asked.onupgradeneeded = () => {
      for (const [table, { keyPath, autoIncrement = false, indexes }] of Object.entries(VERSION_1)) {
        const made = asked.result.createObjectStore(table, { keyPath, autoIncrement });
        for (const [index, [path, unique = false]] of Object.entries(indexes)) made.createIndex(index, path, { unique });
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error!);
  });
}

async function fill(name: string, rows: Record<string, object[]>): Promise<void> {
  const old = await openOld(name);
  const writing = old.transaction(Object.keys(rows), "readwrite");
  for (const [table, list] of Object.entries(rows)) for (const row of list) writing.objectStore(table).add(row);
  await new Promise((resolve, reject) => ((writing.oncomplete = resolve), (writing.onerror = reject)));
  old.close();
}

describe("a phone with the store of an older version", () => {
  it("opens with every row in it, and what was unsent is sent", async () => {
    const rows = await oldRows();
    await fill("old phone", rows);
    const store = new Store("old phone");
    const asNow = { ...rows, files: rows.files!.map((file) => ({ ...file, sent_at: NOT_SENT })) };
    for (const [table, list] of Object.entries(asNow)) expect(await store.table(table).toArray(), table).toMatchObject(list);
    expect(await countOf(store, ACCOUNT)).toMatchObject({ total: 2, unsent: 2 });
    const server = new ModelServer(ACCOUNT);
    const wire = new BadWire(server, () => 1, () => undefined);
    await pageLock()("sending", () => sendRound({ store, wire, account_id: ACCOUNT, now: () => new Date() }));
    expect(await countOf(store, ACCOUNT)).toMatchObject({ total: 2, accepted: 2, unsent: 0 });
    expect([...server.files.keys()]).toEqual([await digestOfBytes(PHOTO)]);
    store.close();
  });
});
