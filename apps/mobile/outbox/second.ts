/**
 * A second copy of what is on this phone, in a place of its own. A Chromium that is killed in the middle of a write may find its store
 * damaged later, and then throws all of it away and begins an empty one; the copy is in another bucket, so in another file, and is
 * never written at the same time. Browsers without buckets keep their stores in a different way and do without.
 */
import type { DBCore, DBCoreKeyRange, DBCoreMutateRequest, DBCoreMutateResponse, IndexableType } from "dexie";
import { v7 as newId } from "uuid";
import type { Store } from "./db";
import { NOT_SENT, type DeedRow, type FileRow, type ReceiptRow } from "./shapes";
import { Tables } from "./tables";

/** What is copied; positions are telemetry, and may go. Every key is in its row. */
export const COPIED = { deeds: "seq", files: "sha256", receipts: "seq", drafts: "key", tasks: "id", uploads: "sha256", settings: "name" } as const;
export type Copied = keyof typeof COPIED;
const TABLES = Object.keys(COPIED) as Copied[];
const BOOK = "book_id";
/** How often this phone's store was thrown away and made good. */
export const TIMES_RESTORED = "times_restored";
const BUCKET = "liandong-second";

export class Copy extends Tables {
  constructor(indexedDB: IDBFactory, name = "liandong-mobile-second") {
    super(name, { indexedDB, IDBKeyRange: globalThis.IDBKeyRange, chromeTransactionDurability: "strict" });
    this.version(1).stores({ ...COPIED, files: "sha256, sent_at" });
  }
}

type Write = { table: Copied; put: object[] } | { table: Copied; drop: IndexableType[] } | { table: Copied; range: DBCoreKeyRange };

/** Follows every change of a store. What was changed is in the copy soon after; who must be sure of it awaits `settled`. */
export class Follower {
  private copy: Copy | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly underWay = new Map<IDBTransaction, { writes: Write[]; ended: Promise<void> }>();

  /** To be put into the store's own layers, next to the browser. */
  readonly layer = (core: DBCore): DBCore => ({
    ...core,
    table: (name) => {
      const table = core.table(name);
      return name in COPIED ? { ...table, mutate: async (asked) => this.note(name as Copied, asked, await table.mutate(asked)) } : table;
    },
  });

  /** Everything from now on goes there, after `first`. */
  follow(copy: Copy, first: () => Promise<void>): void {
    this.copy = copy;
    this.then(first);
  }

  /** All that was changed before is in the copy, too; at once if there is none. A copy that cannot be written holds nobody up. */
  async settled(): Promise<void> {
    if (this.copy === null) return;
    await Promise.all([...this.underWay.values()].map(({ ended }) => ended));
    await this.tail;
  }

  private note(table: Copied, asked: DBCoreMutateRequest, done: DBCoreMutateResponse): DBCoreMutateResponse {
    if (this.copy === null) return done;
    const writes = this.writesOf(asked.trans as IDBTransaction);
    if (asked.type === "deleteRange") writes.push({ table, range: asked.range });
    else if (asked.type === "delete") writes.push({ table, drop: [...asked.keys] });
    else writes.push({ table, put: asked.values.flatMap((row: object, at: number) => (at in done.failures ? [] : [lean(table, { ...row, [COPIED[table]]: done.results![at] })])) });
    return done;
  }

  private writesOf(transaction: IDBTransaction): Write[] {
    const known = this.underWay.get(transaction);
    if (known) return known.writes;
    const writes: Write[] = [];
    const ended = new Promise<void>((resolve) => {
      const end = (isKept: boolean) => (): void => {
        this.underWay.delete(transaction);
        if (isKept) this.then(() => write(this.copy!, writes));
        resolve();
      };
      transaction.addEventListener("complete", end(true));
      transaction.addEventListener("abort", end(false));
    });
    this.underWay.set(transaction, { writes, ended });
    return writes;
  }

  /** One after the other. What fails is made good at the next start, when both are compared. */
  private then(work: () => Promise<unknown>): void {
    this.tail = this.tail.then(work).catch((reason: unknown) => console.warn("second copy", reason));
  }
}

/** A file that the server has signed for needs no second copy of its bytes. */
function lean(table: Copied, row: object): object {
  return table === "files" && (row as FileRow).sent_at !== NOT_SENT ? { ...row, bytes: null } : row;
}

async function write(copy: Copy, writes: Write[]): Promise<void> {
  await copy.transaction("rw", [...new Set(writes.map(({ table }) => table))], async () => {
    for (const one of writes) {
      const table = copy.table(one.table);
      if ("put" in one) await table.bulkPut(one.put);
      else if ("drop" in one) await table.bulkDelete(one.drop);
      else if (one.range.type === 3) await table.clear();
      else await table.where(":id").between(one.range.lower, one.range.upper, !one.range.lowerOpen, !one.range.upperOpen).delete();
    }
  });
}

/** What came back from the copy because the store had lost it. */
export interface Restored { deeds: number; files: number }

/**
 * The store has everything again that it has lost, and from now on the copy follows it. To be called before anything is read.
 * Null: nothing was lost.
 */
export async function followWith(store: Store, copy: Copy): Promise<Restored | null> {
  const [own, known] = [await store.settings.get(BOOK), await copy.settings.get(BOOK)];
  const restored = known && known.value !== own?.value ? await restore(store, copy) : null;
  if (!restored && !own) await store.settings.put({ name: BOOK, value: newId() });
  store.second.follow(copy, () => renew(store, copy));
  return restored;
}

/** What only the copy has is in the store, too. Rows that count themselves are put at the end, in their order. */
async function restore(store: Store, copy: Copy): Promise<Restored> {
  const there = new Set(await store.files.toCollection().primaryKeys());
  const files = (await copy.files.toCollection().primaryKeys()).filter((name) => !there.has(name));
  for (const name of files) await store.files.put((await copy.files.get(name))!); // one at a time: there may be no memory for all
  const deeds = await addDeeds(store, await copy.deeds.toArray(), await copy.receipts.toArray());
  for (const table of ["drafts", "tasks", "uploads", "settings"] as const) await addMissing(store, copy, table); // the book's name last
  await store.set(TIMES_RESTORED, ((await store.setting<number>(TIMES_RESTORED)) ?? 0) + 1);
  return { deeds, files: files.length };
}

async function addDeeds(store: Store, deeds: DeedRow[], receipts: ReceiptRow[]): Promise<number> {
  return store.transaction("rw", store.deeds, store.receipts, async () => {
    const there = new Set((await store.deeds.toArray()).map((row) => row.id));
    const lost = deeds.filter((row) => !there.has(row.id));
    await store.deeds.bulkAdd(lost.map(({ seq: _own, ...row }) => row as DeedRow));
    await store.receipts.bulkAdd(receipts.filter((row) => !there.has(row.deed_id)).map(({ seq: _own, ...row }) => row as ReceiptRow));
    return lost.length;
  });
}

async function addMissing(store: Store, copy: Copy, name: "drafts" | "tasks" | "uploads" | "settings"): Promise<void> {
  const there = new Set(await store.table(name).toCollection().primaryKeys());
  const isBook = (row: Record<string, unknown>): boolean => name === "settings" && row.name === BOOK;
  const rows = (await copy.table(name).toArray()).filter((row: Record<string, unknown>) => isBook(row) || !there.has(row[COPIED[name]] as string));
  await store.table(name).bulkPut(rows);
}

/** The copy is as the store is: a phone that was killed may have left it a step behind. */
async function renew(store: Store, copy: Copy): Promise<void> {
  for (const name of TABLES) await (name === "files" ? renewFiles(store, copy) : renewTable(store, copy, name));
}

async function renewTable(store: Store, copy: Copy, name: Copied): Promise<void> {
  const key = COPIED[name];
  const rows = new Map((await store.table(name).toArray()).map((row: Record<string, IndexableType>) => [row[key], row]));
  const held = (await copy.table(name).toArray()) as Record<string, IndexableType>[];
  const same = new Set(held.filter((row) => JSON.stringify(row) === JSON.stringify(rows.get(row[key]))).map((row) => row[key]));
  await copy.transaction("rw", copy.table(name), async () => {
    await copy.table(name).bulkDelete(held.map((row) => row[key]!).filter((one) => !rows.has(one)));
    await copy.table(name).bulkPut([...rows].filter(([one]) => !same.has(one)).map(([, row]) => row));
  });
}

/** By keys alone where they tell it: bytes are large. */
async function renewFiles(store: Store, copy: Copy): Promise<void> {
  const [ours, theirs] = [await keysOf(store), await keysOf(copy)];
  for (const [name, isLeft] of ours) {
    if (theirs.get(name) !== isLeft) await copy.files.put(lean("files", (await store.files.get(name))!) as FileRow);
  }
  await copy.files.bulkDelete([...theirs.keys()].filter((name) => !ours.has(name)));
}

async function keysOf(one: Store | Copy): Promise<Map<string, boolean>> {
  const left = new Set(await one.files.where("sent_at").equals(NOT_SENT).primaryKeys());
  return new Map((await one.files.toCollection().primaryKeys()).map((name) => [name, left.has(name)]));
}

interface Buckets { open(name: string, options: { durability: "strict"; persisted: boolean }): Promise<{ indexedDB: IDBFactory }> }

/** Where a second copy would be in another file than the store; null where the browser has no such place. */
export async function secondPlace(): Promise<IDBFactory | null> {
  const buckets = (navigator as { storageBuckets?: Buckets }).storageBuckets;
  if (!buckets) return null;
  try {
    return (await buckets.open(BUCKET, { durability: "strict", persisted: true })).indexedDB;
  } catch {
    return null;
  }
}
