/** Fragmented MP4, or stills, over the relay's WebSocket: the quickest way, for browsers with a MediaSource. */
import { Film } from "./film";
import { RelayClock } from "./live";
import { Progress, STALLED_MS, type Seen, type Way } from "./way";

const PING_MS = 1000;
const SILENT_MS = 3000;
const FRESH_MS = 1000;

type Said =
  | { say: "begin"; codec: string }
  | { say: "clock"; zero_ms: number }
  | { say: "pong"; ping: number; at_ms: number }
  | { say: "still"; taken_ms: number }
  | { say: "gone" };

export class SocketWay implements Way {
  private readonly socket: WebSocket;
  private readonly clock = new RelayClock();
  private readonly shownFrames = new Progress(Date.now());
  private readonly timer: ReturnType<typeof setInterval>;
  private film: Film | null = null;
  private still: { url: string; taken_ms: number } | null = null;
  private awaitsStill: number | null = null;
  private heardAt = Date.now();
  private filmAt = 0;
  private pictureAt = 0;
  private isGone = false;
  private hasFailed = false;

  /** `changed` is called when there is something new to look at. */
  constructor(
    private readonly video: HTMLVideoElement,
    url: string,
    private readonly changed: () => void,
  ) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.ping();
    this.socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => this.take(message.data);
    this.socket.onclose = () => this.fail();
    this.timer = setInterval(() => this.ping(), PING_MS);
  }

  look(now: number): Seen | null {
    if (now - this.heardAt > SILENT_MS) this.hasFailed = true;
    if (this.isStuck(now)) this.hasFailed = true;
    return this.hasFailed ? null : { state: this.state(now), ageMs: this.ageMs(now), still: this.still?.url ?? null };
  }

  momentMs(): number | null {
    return this.still?.taken_ms ?? this.clock.momentMs(this.video.currentTime);
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
    this.film?.close();
    this.forgetStill();
  }

  private state(now: number): Seen["state"] {
    if (this.isGone) return "gone";
    if (this.still) return "stills";
    if (this.video.videoWidth === 0 || this.filmAt === 0) return this.isWaiting(now) ? "stalled" : "connecting";
    return this.isWaiting(now) ? "stalled" : "playing";
  }

  /** The relay answers, and has nothing new of this stream. */
  private isWaiting(now: number): boolean {
    return this.pictureAt > 0 && now - this.pictureAt > STALLED_MS;
  }

  /** Frames arrive and none is shown: the browser's decoder stands. */
  private isStuck(now: number): boolean {
    const stoodMs = this.shownFrames.stoodMs(this.video.getVideoPlaybackQuality().totalVideoFrames, now);
    return !document.hidden && this.film !== null && now - this.filmAt < FRESH_MS && stoodMs > STALLED_MS;
  }

  private ageMs(now: number): number | null {
    if (this.isGone) return null;
    return this.still ? this.clock.sinceMs(this.still.taken_ms, now) : this.filmAt > 0 ? this.clock.ageMs(this.video.currentTime, now) : null;
  }

  private take(data: string | ArrayBuffer): void {
    this.heardAt = Date.now();
    if (typeof data === "string") return this.hear(JSON.parse(data) as Said);
    this.isGone = false;
    this.pictureAt = this.heardAt;
    if (this.awaitsStill !== null) return this.showStill(data, this.awaitsStill);
    if (this.filmAt === 0 || this.still) this.shownFrames.stoodMs(-2, this.heardAt);
    this.filmAt = this.heardAt;
    this.forgetStill();
    this.film?.add(data);
  }

  private hear(said: Said): void {
    if (said.say === "begin") this.begin(said.codec);
    else if (said.say === "clock") this.clock.isZeroAt(said.zero_ms);
    else if (said.say === "pong") this.clock.answered(said.ping, this.heardAt, said.at_ms);
    else if (said.say === "still") this.awaitsStill = said.taken_ms;
    else {
      this.isGone = true;
      this.pictureAt = 0;
      this.changed();
    }
  }

  private begin(codec: string): void {
    this.isGone = false;
    this.film ??= new Film(this.video, () => this.fail());
    this.film.begin(codec);
  }

  private showStill(jpeg: ArrayBuffer, taken_ms: number): void {
    this.forgetStill();
    this.awaitsStill = null;
    this.still = { url: URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" })), taken_ms };
    this.changed();
  }

  private forgetStill(): void {
    if (this.still) URL.revokeObjectURL(this.still.url);
    this.still = null;
  }

  private fail(): void {
    this.hasFailed = true;
    this.changed();
  }

  private ping(): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const { totalVideoFrames: shown, droppedVideoFrames: dropped } = this.video.getVideoPlaybackQuality();
    this.socket.send(JSON.stringify({ ping: Date.now(), shown, dropped }));
  }
}
