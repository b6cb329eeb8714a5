/** WebRTC (WHEP): the quickest way, for whoever steers an aircraft or speaks with somebody on site. It needs UDP and shows film only. */
import { RelayClock } from "./live";
import { Progress, STALLED_MS, type Seen, type Way } from "./way";

const ASK_MS = 1000;
const SILENT_MS = 4000;
/** How long a connection may take to come about; where UDP is shut it never does. */
const PATIENCE_MS = 5000;
const RTP_PER_MS = 90;
const ROUND_MS = 2 ** 32 / RTP_PER_MS;

export const canConnect = (): boolean => typeof RTCPeerConnection !== "undefined";

/** The film's time (ms) that a frame's stamp of 32 bits stands for: the one nearest to `aboutMs`. */
export const filmMs = (stamp: number, aboutMs: number): number => {
  const ms = stamp / RTP_PER_MS;
  return ms + Math.round((aboutMs - ms) / ROUND_MS) * ROUND_MS;
};

interface Told { at_ms: number; zero_ms: number; shows: "film" | "gone" | "stills" }

export class WhepWay implements Way {
  isUnfit = false;
  private readonly connection = new RTCPeerConnection();
  private readonly clock = new RelayClock();
  private readonly progress = new Progress(Date.now());
  private readonly beganAt = Date.now();
  private readonly timer: ReturnType<typeof setInterval>;
  private place: string | null = null;
  private stamp: number | null = null;
  private zeroMs: number | null = null;
  private shows: Told["shows"] | null = null;
  private heardAt = Date.now();
  private hasFailed = false;
  private isClosed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly url: string,
    private readonly changed: () => void,
  ) {
    this.connection.addTransceiver("video", { direction: "recvonly" });
    this.connection.ontrack = ({ track }) => this.attach(track);
    this.connection.onconnectionstatechange = () => {
      if (["failed", "closed"].includes(this.connection.connectionState)) this.fail();
    };
    this.timer = setInterval(() => void this.ask(), ASK_MS);
    this.connect().catch(() => this.fail());
  }

  look(now: number): Seen | null {
    if (now - this.heardAt > SILENT_MS && this.place) this.hasFailed = true;
    if (this.stamp === null && this.shows !== "gone" && now - this.beganAt > PATIENCE_MS && this.connection.connectionState !== "connected") this.hasFailed = true;
    if (this.shows === "stills") this.isUnfit = true;
    if (this.hasFailed || this.isUnfit) return null;
    return { state: this.state(now), ageMs: this.ageMs(now), still: null };
  }

  momentMs(): number | null {
    const shown = this.filmMs();
    return shown === null || this.zeroMs === null ? null : this.zeroMs + shown;
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    this.connection.close();
    this.video.srcObject = null;
    // what is not heard of is missed by the relay soon enough
    if (this.place) void fetch(this.place, { method: "DELETE", keepalive: true }).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    await this.connection.setLocalDescription(await this.connection.createOffer());
    const answer = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/sdp" },
      body: this.connection.localDescription?.sdp ?? "",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    this.place = new URL(answer.headers.get("location") ?? "", this.url).href;
    if (this.isClosed) return this.close();
    this.heardAt = Date.now();
    await this.connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    void this.ask();
  }

  private attach(track: MediaStreamTrack): void {
    this.video.srcObject = new MediaStream([track]);
    void this.video.play().catch(() => undefined); // a page that may not play yet shows the picture and stands
    const note = (_: number, frame: VideoFrameCallbackMetadata): void => {
      if (this.isClosed) return;
      this.stamp = frame.rtpTimestamp ?? this.stamp;
      this.video.requestVideoFrameCallback(note);
    };
    this.video.requestVideoFrameCallback(note);
  }

  /** The relay's clock and what there is; it hears in return how it goes here. */
  private async ask(): Promise<void> {
    if (!this.place || this.isClosed) return;
    const { totalVideoFrames: shown, droppedVideoFrames: dropped } = this.video.getVideoPlaybackQuality();
    const askedMs = Date.now();
    const answer = await fetch(this.place, { method: "POST", body: JSON.stringify({ shown, dropped }) }).catch(() => null);
    if (!answer) return; // silence is noticed in `look`
    if (!answer.ok) return this.fail();
    const told = (await answer.json()) as Told;
    this.heardAt = Date.now();
    this.clock.answered(askedMs, this.heardAt, told.at_ms);
    this.clock.isZeroAt(told.zero_ms);
    this.zeroMs = told.zero_ms;
    this.shows = told.shows;
    this.changed();
  }

  private state(now: number): Seen["state"] {
    if (this.shows === "gone") return "gone";
    const frames = this.video.getVideoPlaybackQuality().totalVideoFrames;
    const stoodMs = this.progress.stoodMs(frames, now);
    if (frames === 0) return "connecting";
    return stoodMs > STALLED_MS && !document.hidden ? "stalled" : "playing";
  }

  private ageMs(now: number): number | null {
    const moment = this.shows === "gone" ? null : this.momentMs();
    return moment === null ? null : this.clock.sinceMs(moment, now);
  }

  private filmMs(): number | null {
    if (this.stamp === null || this.zeroMs === null) return null;
    const sinceZero = this.clock.sinceMs(this.zeroMs, Date.now());
    return sinceZero === null ? null : filmMs(this.stamp, sinceZero);
  }

  private fail(): void {
    if (this.isClosed) return;
    this.hasFailed = true;
    this.changed();
  }
}
