/** For tests: a server small enough to be plainly right, and a network that is as bad as it gets. */
import { digestOfBytes, digestOfDeed } from "./digest";
import type { Deed, Outcome, ProblemBody, Receipt } from "./shapes";
import { Answered, Unreachable } from "./faults";
import type { Answer, Wire } from "./wire";

/** The same numbers for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WRONG = "写错了";

/** What liandong/wires/phone does with deeds, as far as a phone can tell. */
export class ModelServer {
  readonly accepted = new Map<string, Deed>();
  readonly files = new Map<string, ArrayBuffer>();
  /** Every deed that was done, once for each time it was done. */
  readonly done: Deed[] = [];
  private readonly seen = new Map<string, string>();

  constructor(readonly account_id: string) {}

  async take(deeds: Deed[]): Promise<Receipt[]> {
    const receipts = new Map<string, Receipt>();
    const inOrder = deeds.map((deed) => structuredClone(deed)).sort((one, other) => (one.happened_at < other.happened_at ? -1 : 1));
    for (const deed of inOrder) receipts.set(deed.id, await this.takeOne(deed));
    return deeds.map((deed) => receipts.get(deed.id)!);
  }

  private async takeOne(deed: Deed): Promise<Receipt> {
    if ((await digestOfDeed(deed)) !== deed.digest) return receipt(deed, "refused", "deeds.digest_mismatch");
    const before = this.seen.get(deed.id);
    if (before !== undefined && before !== deed.digest) return receipt(deed, "conflict", "deeds.conflict");
    this.seen.set(deed.id, deed.digest);
    if (this.accepted.has(deed.id)) return receipt(deed, "repeated");
    if (deed.needs.some((id) => !this.accepted.has(id))) return receipt(deed, "waiting", "deeds.forerunner_missing");
    const why = this.whyNot(deed);
    if (why !== null) return receipt(deed, why === "evidence.file_missing" ? "waiting" : "refused", why);
    this.accepted.set(deed.id, deed);
    this.done.push(deed);
    return receipt(deed, "accepted");
  }

  private whyNot(deed: Deed): string | null {
    const { sha256, inspection_id, note } = deed.payload;
    if (note === WRONG) return "inspections.answer_unknown";
    if (typeof sha256 === "string" && !this.files.has(sha256) && typeof deed.payload.size !== "number") return "evidence.file_missing";
    const ofVisit = [...this.accepted.values()].filter((other) => other.payload.inspection_id === inspection_id);
    if (deed.kind === "accept_task" || deed.kind === "arrive_on_site") return null;
    if (!ofVisit.some((other) => other.kind === "arrive_on_site")) return "kernel.not_found";
    return ofVisit.some((other) => other.kind === "submit_inspection") ? "inspections.wrong_state" : null;
  }

  async keep(sha256: string, bytes: ArrayBuffer): Promise<void> {
    if ((await digestOfBytes(bytes)) !== sha256) throw new Answered(422, problem("evidence.digest_mismatch"));
    this.files.set(sha256, bytes);
  }
}

export const wrongNote = WRONG;
const problem = (code: string): ProblemBody => ({ code, title: code });

function receipt(deed: Deed, outcome: Outcome, code?: string): Receipt {
  const { id, digest } = deed;
  return { deed_id: id, digest, outcome, received_at: new Date().toISOString(), problem: code ? problem(code) : null, signature: "" };
}

/** No promise of a page that was closed is ever answered. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A wire to the model that loses requests and answers, delivers twice or late, and dies with the page. */
export class BadWire implements Wire {
  private readonly late: (() => Promise<unknown>)[] = [];
  isDead = false;
  isCalm = false;

  constructor(private readonly server: ModelServer, private readonly roll: () => number, private readonly onDeath: () => void) {}

  whoAmI(): Promise<string> {
    return this.through(async () => this.server.account_id);
  }

  putFile(sha256: string, bytes: ArrayBuffer): Promise<void> {
    return this.through(() => this.server.keep(sha256, bytes));
  }

  postDeeds(deeds: Deed[]): Promise<Answer> {
    const sent = structuredClone(deeds);
    return this.through(async () => ({ receipts: await this.server.take(sent), server_now: new Date().toISOString() }));
  }

  /** What was believed lost reaches the server after all. */
  async deliverLate(): Promise<void> {
    for (const deliver of this.late.splice(0)) await deliver();
  }

  private async through<T>(deliver: () => Promise<T>): Promise<T> {
    const luck = this.isCalm ? 1 : this.roll();
    if (this.isDead) return never();
    if (luck < 0.08) throw new Unreachable("lost on the way there");
    if (luck < 0.12) return this.postpone(deliver);
    if (luck < 0.15) throw new Answered(503, problem("client.http_503"));
    if (luck < 0.18) throw new Answered(500, problem("kernel.broken"));
    if (luck < 0.2) throw new Answered(401, problem("access.signed_out"));
    if (luck < 0.24) return this.die();
    const said = await deliver();
    if (luck < 0.34) throw new Unreachable("the answer was lost");
    if (luck < 0.38) return this.die();
    return luck < 0.5 ? deliver() : said;
  }

  private postpone(deliver: () => Promise<unknown>): never {
    this.late.push(deliver);
    throw new Unreachable("late");
  }

  private die<T>(): Promise<T> {
    this.isDead = true;
    this.onDeath();
    return never();
  }
}
