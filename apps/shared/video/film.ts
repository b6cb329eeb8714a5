/** A film that grows: pieces of MP4 go into a video element in order, and what is old is let go. */
import { stepToLive } from "./live";

const KEPT_S = 8;
const TRIM_S = 20;
const MOST_WAITING = 1200;

export const canShowFilm = (): boolean => typeof MediaSource !== "undefined";

export class Film {
  private readonly source = new MediaSource();
  private readonly url = URL.createObjectURL(this.source);
  private buffer: SourceBuffer | null = null;
  private waiting: (ArrayBuffer | { type: string })[] = [];
  private isClosed = false;

  /** `broken` is called once if the browser cannot go on with this film. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly broken: () => void,
  ) {
    this.source.addEventListener("sourceopen", () => this.next());
    video.src = this.url;
  }

  /** The pieces that follow are of this codec. */
  begin(codec: string): void {
    this.waiting.push({ type: `video/mp4; codecs="${codec}"` });
    this.next();
  }

  add(piece: ArrayBuffer): void {
    this.waiting.push(piece);
    if (this.waiting.length > MOST_WAITING) return this.fail();
    this.next();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.waiting = [];
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.url);
  }

  private fail(): void {
    if (!this.isClosed) this.broken();
  }

  private next(): void {
    if (this.isClosed || this.source.readyState !== "open" || this.buffer?.updating) return;
    try {
      this.follow();
      if (this.trim()) return;
      this.append();
    } catch {
      this.fail(); // a codec that this browser has not, or no room left
    }
  }

  private append(): void {
    const first = this.waiting[0];
    if (first === undefined) return;
    if (!(first instanceof ArrayBuffer)) {
      this.waiting.shift();
      if (this.buffer) this.buffer.changeType(first.type);
      else this.open(first.type);
      return this.append();
    }
    const until = this.waiting.findIndex((piece) => !(piece instanceof ArrayBuffer));
    const pieces = this.waiting.splice(0, until < 0 ? this.waiting.length : until) as ArrayBuffer[];
    this.buffer?.appendBuffer(joined(pieces));
  }

  private open(type: string): void {
    this.buffer = this.source.addSourceBuffer(type);
    this.buffer.addEventListener("updateend", () => this.next());
    this.buffer.addEventListener("error", () => this.fail());
    void this.video.play().catch(() => undefined); // a page that may not play yet shows the picture and stands
  }

  private follow(): void {
    const { buffered } = this.video;
    if (buffered.length === 0) return;
    const step = stepToLive(this.video.currentTime, buffered.start(buffered.length - 1), buffered.end(buffered.length - 1));
    if ("seek" in step) this.video.currentTime = step.seek;
    else if (this.video.playbackRate !== step.rate) this.video.playbackRate = step.rate;
  }

  private trim(): boolean {
    const buffered = this.buffer?.buffered;
    if (!buffered?.length) return false;
    const end = buffered.end(buffered.length - 1);
    if (end - buffered.start(0) < TRIM_S) return false;
    this.buffer?.remove(0, end - KEPT_S);
    return true;
  }
}

function joined(pieces: ArrayBuffer[]): ArrayBuffer {
  const [only] = pieces;
  if (pieces.length === 1 && only) return only;
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return whole.buffer;
}
