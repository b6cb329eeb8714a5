/**
 * When to send: at the start, after every deed, when the network comes back, and after a pause that grows. Deeds and
 * files go in two lanes, so that a form is in while its pictures are on their way, and a person may mend meanwhile.
 */
import type { FileProgress } from "./files";
import { exclusively, FILES, SENDING, type Exclusively } from "./lock";
import { filesToSend, queueOf } from "./queue";
import { sendDeeds, sendFiles, type Round, type Sending } from "./send";

const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export interface SenderState {
  is_sending: boolean;
  /** The file that is on its way now. */
  file: FileProgress | null;
  last: (Round & { at: string }) | null;
  next_at: number | null;
}

export class Sender {
  state: SenderState = { is_sending: false, file: null, last: null, next_at: null };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isWanted = false;
  private isStopped = false;
  private areDeedsGoing = false;
  private areFilesGoing = false;
  private filesLane: Promise<void> = Promise.resolve();

  constructor(
    private readonly sending: Sending,
    private readonly told: (state: SenderState) => void = () => undefined,
    private readonly lock: Exclusively = exclusively,
  ) {}

  /** Sends what is there now; files go on afterwards by themselves. Called while sending, it sends once more afterwards. */
  async kick(): Promise<void> {
    this.isWanted = true;
    if (this.areDeedsGoing || this.isStopped) return;
    this.areDeedsGoing = true;
    this.clearTimer();
    this.tell({ next_at: null });
    let last: Round | null = null;
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        last = await this.lock(SENDING, () => sendDeeds(this.sending));
      }
    } finally {
      this.areDeedsGoing = false;
      this.hear(last);
      if (last?.end !== "done" || !(await this.startFiles())) await this.plan(last);
    }
  }

  /** False if there is nothing for the files' lane to do. */
  private async startFiles(): Promise<boolean> {
    if (this.areFilesGoing) return true;
    if (this.isStopped || (await filesToSend(this.sending.store, this.sending.account_id)).length === 0) return false;
    if (!this.areFilesGoing) this.filesLane = this.goOnWithFiles();
    return true;
  }

  private async goOnWithFiles(): Promise<void> {
    this.areFilesGoing = true;
    this.tell({});
    let last: Round | null = null;
    try {
      const freed = (): void => void this.kick();
      last = await this.lock(FILES, () => sendFiles(this.sending, freed, (file) => this.move(file)));
    } finally {
      this.areFilesGoing = false;
      this.hear(last);
      await this.plan(last);
    }
  }

  /** No more sending; afterwards what was under way has been answered and kept. */
  stop(): Promise<void> {
    this.isStopped = true;
    this.clearTimer();
    return this.filesLane;
  }

  private async plan(last: Round | null): Promise<void> {
    const { store, account_id } = this.sending;
    const queue = await queueOf(store, account_id);
    const isLeft = queue.ready.length + queue.fileFirst.length + (await filesToSend(store, account_id)).length > 0;
    if (!isLeft || this.isStopped || last?.end === "signed_out") {
      this.failures = 0;
      return;
    }
    const hasMoved = last !== null && last.settled > 0;
    if (hasMoved) this.failures = 0;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures) * (0.75 + Math.random() / 2);
    if (!hasMoved) this.failures += 1;
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

  private move(file: FileProgress | null): void {
    const before = this.state.file;
    const isSmall = file && before?.sha256 === file.sha256 && Math.floor((before.sent * 100) / file.size) === Math.floor((file.sent * 100) / file.size);
    if (!isSmall) this.tell({ file });
  }

  private hear(last: Round | null): void {
    this.tell({ last: last && { ...last, at: this.sending.now().toISOString() } });
  }

  private tell(changes: Partial<SenderState>): void {
    this.state = { ...this.state, ...changes, is_sending: this.areDeedsGoing || this.areFilesGoing };
    this.told(this.state);
  }
}
