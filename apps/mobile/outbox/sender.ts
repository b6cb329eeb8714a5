/** When to send: at the start, after every deed, when the network comes back, and after a pause that grows. */
import { exclusively, SENDING, type Exclusively } from "./lock";
import { queueOf } from "./queue";
import { sendRound, type Round, type Sending } from "./send";

const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export interface SenderState { is_sending: boolean; last: (Round & { at: string }) | null; next_at: number | null }

export class Sender {
  state: SenderState = { is_sending: false, last: null, next_at: null };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly sending: Sending,
    private readonly told: (state: SenderState) => void = () => undefined,
    private readonly lock: Exclusively = exclusively,
  ) {}

  /** Sends what is there now. Called while sending, it sends once more afterwards. */
  async kick(): Promise<void> {
    this.isWanted = true;
    if (this.state.is_sending || this.isStopped) return;
    this.clearTimer();
    this.tell({ is_sending: true, next_at: null });
    let last: Round | null = null;
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        last = await this.lock(SENDING, () => sendRound(this.sending));
      }
    } finally {
      this.tell({ is_sending: false, last: last && { ...last, at: this.sending.now().toISOString() } });
      await this.plan(last);
    }
  }

  /** No more sending; what is under way is answered and kept. */
  stop(): void {
    this.isStopped = true;
    this.clearTimer();
  }

  private async plan(last: Round | null): Promise<void> {
    const queue = await queueOf(this.sending.store, this.sending.account_id);
    const isLeft = queue.ready.length + queue.fileFirst.length > 0;
    if (!isLeft || this.isStopped || last?.end === "signed_out") {
      this.failures = 0;
      return;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures = last?.end === "done" && last.settled > 0 ? 0 : this.failures + 1;
    this.clearTimer();
    this.timer = setTimeout(() => void this.kick(), pause);
    this.tell({ next_at: Date.now() + pause });
  }

  /** The network is back, or a person asks: the pause starts from the beginning. */
  wake(): Promise<void> {
    this.failures = 0;
    return this.kick();
  }

  private clearTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private tell(changes: Partial<SenderState>): void {
    this.state = { ...this.state, ...changes };
    this.told(this.state);
  }
}
