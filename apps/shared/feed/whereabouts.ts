/** Keeps the live map of whereabouts open, for as long as the right to see it holds. */
import { readFrame, type Frame } from "./frames";

/** open: frames come · waiting: dropped, will try again by itself · refused: this account may not see whereabouts · stopped */
export type WhereaboutsState = "connecting" | "open" | "waiting" | "refused" | "stopped";
export interface WhereaboutsListener {
  frame(frame: Frame): void;
  state(state: WhereaboutsState): void;
}

const SIGNED_OUT = 4401;
const NO_RIGHT = 4403;
const UNREADABLE = 4400;
const backOff = (attempt: number): number => Math.min(1000 * 2 ** attempt, 15_000) * (0.8 + Math.random() * 0.4);

export class Whereabouts {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = true;

  constructor(private readonly listener: WhereaboutsListener, private readonly delay = backOff) {}

  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.listener.state("connecting");
    this.open();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.listener.state("stopped");
  }

  private open(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/positions/live`);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.take(data as unknown);
    socket.onclose = ({ code }) => this.closed(code);
  }

  private take(data: unknown): void {
    const frame = data instanceof ArrayBuffer ? readFrame(data) : null;
    if (frame === null) return;
    this.attempt = 0;
    this.listener.state("open");
    this.listener.frame(frame);
  }

  private closed(code: number): void {
    if (this.isStopped) return;
    if (code === NO_RIGHT || code === SIGNED_OUT || code === UNREADABLE) {
      this.isStopped = true;
      return this.listener.state("refused");
    }
    this.listener.state("waiting");
    this.timer = setTimeout(() => this.open(), this.delay(this.attempt++));
  }
}
