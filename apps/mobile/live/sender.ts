/** Sends the camera live into one stream and keeps sending: whatever breaks is begun again, with a new ticket, by itself. */
import { ApiProblem } from "@shared/client/problem";
import { waitMs } from "@shared/video/live";
import { FilmEncoder, stillOf } from "./encoder";
import { framesOf } from "./frames";
import { RateKeeper, type Mode } from "./rate";
import { packetOf, SUBPROTOCOL, type Heard } from "./wire";

/** connecting · live · lost: trying again · ended: it will not be tried again, `why` says why */
export type SendState = "connecting" | "live" | "lost" | "ended";
export type Ending = { kind: "replaced" } | { kind: "encoder" } | { kind: "camera" } | { kind: "problem"; zh: string; en: string };
export interface Sent { state: SendState; mode: Mode; bitrate: number; behindMs: number; viewers: number; why: Ending | null }

const LOOK_MS = 500;
const DEAF_MS = 6000;
export const STILL_EVERY_MS = 3000;
const DROP_BEHIND_MS = 2500;
/** Further behind than this what is in the pipe is not waited for: the line is dropped and dialled anew. */
const ABANDON_MS = 3000;

export class SiteSender {
  readonly sent: Sent = { state: "connecting", mode: "film", bitrate: 0, behindMs: 0, viewers: 0, why: null };
  private readonly rate = new RateKeeper();
  private readonly film = new FilmEncoder((packet, time_ms) => this.send(packet, time_ms), () => this.end({ kind: "encoder" }));
  private socket: WebSocket | null = null;
  private isOpen = false;
  private attempt = 0;
  private heardAt = 0;
  private firstSent = 0;
  private newestSent: number | null = null;
  private newestHad: number | null = null;
  private still: { time_ms: number; bytes: number; sentAt: number } | null = null;
  private stillAt = -Infinity;
  private isOver = false;
  private stopFrames = (): void => undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** `ask` gets an address with a ticket; `tell` hears whenever something changed. */
  constructor(
    private readonly camera: MediaStream,
    private readonly ask: () => Promise<string>,
    private readonly tell: (sent: Sent) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.stopFrames = framesOf(this.camera, (frame) => this.take(frame));
    for (const track of this.camera.getVideoTracks()) track.addEventListener("ended", () => this.end({ kind: "camera" }));
    void this.connect();
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    this.stopFrames();
    this.drop();
  }

  private async connect(): Promise<void> {
    try {
      const url = await this.ask();
      if (!this.isOver) this.open(url);
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      if (reason.status >= 400 && reason.status < 500 && reason.status !== 429) this.end({ kind: "problem", zh: reason.titleZh, en: reason.titleEn });
      else this.again();
    }
  }

  private open(url: string): void {
    this.drop();
    const socket = new WebSocket(url, SUBPROTOCOL);
    socket.onmessage = (message: MessageEvent<string>) => {
      if (socket === this.socket) this.hear(JSON.parse(message.data) as Heard);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.again();
    };
    this.socket = socket;
    this.heardAt = performance.now();
  }

  private hear(heard: Heard): void {
    this.heardAt = performance.now();
    if (heard.say === "go") this.begin();
    else if (heard.say === "key") this.film.askKey();
    else if (heard.say === "have") this.had(heard.time_ms, heard.viewers);
    else if (heard.say === "ended" && heard.why === "replaced") this.end({ kind: "replaced" });
    // refused, or the right has ended: the next ticket is given, or the server says why not
  }

  private begin(): void {
    this.isOpen = true;
    this.say({ state: "live" });
  }

  private had(time_ms: number | null, viewers: number): void {
    if (time_ms !== null) this.attempt = 0;
    this.newestHad = time_ms;
    const { still } = this;
    if (still && time_ms === still.time_ms) {
      this.rate.stillArrived(still.bytes, performance.now() - still.sentAt, performance.now());
      this.still = null;
    }
    this.say({ viewers });
  }

  private get behindMs(): number {
    return this.newestSent === null ? 0 : Math.max(0, this.newestSent - (this.newestHad ?? this.firstSent));
  }

  /** Twice a second: does it arrive? */
  private look(): void {
    const now = performance.now();
    if (this.socket && now - this.heardAt > DEAF_MS) return this.again();
    if (!this.isOpen) return;
    const before = this.rate.mode;
    this.rate.look(this.behindMs, now);
    this.say({ mode: this.rate.mode, bitrate: this.rate.bitrate, behindMs: this.behindMs });
    if (before === "film" && this.rate.mode === "stills") {
      this.film.close();
      if (this.behindMs > ABANDON_MS) this.again();
    }
  }

  private take(frame: VideoFrame): void {
    if (!this.isOpen || this.isOver) return frame.close();
    if (this.rate.mode === "stills") return void this.sendStill(frame);
    if (this.behindMs < DROP_BEHIND_MS) this.film.take(frame, this.rate.bitrate);
    frame.close();
  }

  private async sendStill(frame: VideoFrame): Promise<void> {
    try {
      const now = performance.now();
      if (this.still || now - this.stillAt < STILL_EVERY_MS) return;
      this.stillAt = now;
      const time_ms = Math.round(frame.timestamp / 1000) >>> 0;
      const jpeg = await stillOf(frame);
      if (!this.isOpen) return;
      this.still = { time_ms, bytes: jpeg.byteLength, sentAt: performance.now() };
      this.send(packetOf("still", time_ms, jpeg), time_ms);
    } finally {
      frame.close();
    }
  }

  private send(packet: ArrayBuffer, time_ms: number): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(packet);
    if (this.newestSent === null) this.firstSent = time_ms >>> 0;
    this.newestSent = time_ms >>> 0;
  }

  private again(): void {
    if (this.isOver) return;
    this.drop();
    this.say({ state: "lost" });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), waitMs(this.attempt));
    this.attempt += 1;
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = this.still = this.newestSent = this.newestHad = null;
    this.isOpen = false;
    this.stillAt = -Infinity;
    this.film.close();
    socket?.close();
  }

  private end(why: Ending): void {
    if (this.isOver) return;
    this.stop();
    this.say({ state: "ended", why });
  }

  private say(news: Partial<Sent>): void {
    Object.assign(this.sent, news);
    this.tell({ ...this.sent });
  }
}
