/** Plays one live stream and keeps playing it: whatever breaks is begun again, with a new ticket, by itself. */
import { ApiProblem } from "../client/problem";
import { canShowFilm, Film } from "./film";
import { RelayClock, waitMs } from "./live";

export interface Address { protocol: string; url: string }

/** connecting: nothing yet · playing · gone: nobody sends now · lost: no connection, trying again · unable: this browser cannot */
export type PlayState = "connecting" | "playing" | "gone" | "lost" | "unable";
export interface Shown { state: PlayState; ageMs: number | null; problem: ApiProblem | null }

const TELL_MS = 500;
const PING_MS = 2000;
const SILENT_MS = 6000;

type Said =
  | { say: "begin"; codec: string }
  | { say: "clock"; zero_ms: number }
  | { say: "pong"; ping: number; at_ms: number }
  | { say: "gone" };

export class LivePlayer {
  private shown: Shown = { state: "connecting", ageMs: null, problem: null };
  private socket: WebSocket | null = null;
  private film: Film | null = null;
  private clock = new RelayClock();
  private attempt = 0;
  private heardAt = 0;
  private pictureAt = 0;
  private isStopped = false;
  private timers: ReturnType<typeof setInterval>[] = [];
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** `ask` gets new addresses with a ticket, best first; `tell` hears twice a second how it goes. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly ask: () => Promise<Address[]>,
    private readonly tell: (shown: Shown) => void,
  ) {}

  start(): void {
    this.timers = [setInterval(() => this.look(), TELL_MS), setInterval(() => this.ping(), PING_MS)];
    void this.connect();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
    this.timers.forEach(clearInterval);
    this.drop();
  }

  /** When the picture that is seen now reached the relay, by the relay's clock; null while that is not known. */
  shownAt(): Date | null {
    const moment = this.shown.state === "playing" ? this.clock.momentMs(this.video.currentTime) : null;
    return moment === null ? null : new Date(moment);
  }

  private async connect(): Promise<void> {
    try {
      const addresses = await this.ask();
      if (this.isStopped) return;
      const film = addresses.find((address) => address.protocol === "ws-fmp4" && canShowFilm());
      if (film) this.open(film.url);
      else this.say("unable");
    } catch (reason) {
      this.say("lost", reason instanceof ApiProblem ? reason : null);
      this.again();
    }
  }

  private open(url: string): void {
    this.drop();
    this.clock = new RelayClock();
    this.heardAt = Date.now();
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.ping();
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      if (socket === this.socket) this.take(message.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.fail();
    };
    this.socket = socket;
  }

  private take(data: string | ArrayBuffer): void {
    this.heardAt = Date.now();
    if (typeof data !== "string") {
      this.pictureAt = this.heardAt;
      this.film?.add(data);
      return;
    }
    const said = JSON.parse(data) as Said;
    if (said.say === "begin") this.begin(said.codec);
    else if (said.say === "clock") this.clock.isZeroAt(said.zero_ms);
    else if (said.say === "pong") this.clock.answered(said.ping, this.heardAt, said.at_ms);
    else this.say("gone");
  }

  private begin(codec: string): void {
    this.attempt = 0;
    this.film ??= new Film(this.video, () => this.fail());
    this.film.begin(codec);
  }

  private ping(): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ ping: Date.now() }));
  }

  /** Twice a second: is it going, and how old is what is seen? */
  private look(): void {
    const now = Date.now();
    if (this.socket && now - this.heardAt > SILENT_MS) return this.fail();
    if (this.video.videoWidth > 0 && now - this.pictureAt < 2 * TELL_MS && this.socket) this.shown = { ...this.shown, state: "playing" };
    const ageMs = this.shown.state === "playing" ? this.clock.ageMs(this.video.currentTime, now) : null;
    this.shown = { ...this.shown, ageMs, problem: this.shown.state === "playing" ? null : this.shown.problem };
    this.tell(this.shown);
  }

  private fail(): void {
    this.drop();
    this.say("lost");
    this.again();
  }

  private again(): void {
    if (this.isStopped) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), waitMs(this.attempt));
    this.attempt += 1;
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.film?.close();
    this.film = null;
    this.pictureAt = 0;
  }

  private say(state: PlayState, problem: ApiProblem | null = null): void {
    if (this.isStopped) return;
    this.shown = { state, ageMs: null, problem };
    this.tell(this.shown);
  }
}
