/** HLS as the browser itself plays it: for those without a MediaSource (older iPhones). Some seconds late. */
import { Progress, STALLED_MS, type Seen, type Way } from "./way";

/** A player loads a few segments before it begins. */
const PATIENCE_MS = 15_000;
const KIND = "application/vnd.apple.mpegurl";

export const canPlayHls = (): boolean => document.createElement("video").canPlayType(KIND) !== "";

export class HlsWay implements Way {
  private readonly progress = new Progress(Date.now());
  private readonly broken = (): void => {
    this.hasFailed = true;
    this.changed();
  };
  private hasFailed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    url: string,
    private readonly changed: () => void,
  ) {
    video.addEventListener("error", this.broken);
    video.crossOrigin = "anonymous"; // a snapshot is drawn from it
    video.src = url;
    void video.play().catch(() => undefined);
  }

  look(now: number): Seen | null {
    const stoodMs = this.progress.stoodMs(this.video.currentTime, now);
    const hasBegun = this.video.currentTime > 0;
    if (stoodMs > (hasBegun ? 2 * STALLED_MS : PATIENCE_MS) && !document.hidden) this.hasFailed = true;
    if (this.hasFailed) return null;
    const moment = this.momentMs();
    // the relay's clock is not asked on this way: the age is as true as this machine's clock
    const ageMs = moment === null ? null : Math.max(0, now - moment);
    return { state: !hasBegun ? "connecting" : stoodMs > STALLED_MS ? "stalled" : "playing", ageMs, still: null };
  }

  /** Where the browser tells the playlist's time of day. */
  momentMs(): number | null {
    const start = (this.video as { getStartDate?: () => Date }).getStartDate?.().getTime();
    return start === undefined || Number.isNaN(start) ? null : start + this.video.currentTime * 1000;
  }

  close(): void {
    this.video.removeEventListener("error", this.broken);
    this.video.removeAttribute("src");
    this.video.removeAttribute("crossorigin");
    this.video.load();
  }
}
