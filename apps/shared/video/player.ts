/** Plays one live stream and keeps playing it: whatever breaks is begun again, with a new ticket, the next way if one does not work. */
import { ApiProblem } from "../client/problem";
import { canShowFilm } from "./film";
import { canPlayHls, HlsWay } from "./hlsWay";
import { waitMs } from "./live";
import { SocketWay } from "./socketWay";
import type { PlayState, Seen, Way } from "./way";
import { canConnect, WhepWay } from "./whepWay";

export type { PlayState } from "./way";
export interface Address { protocol: string; url: string }
/** `still` is the address of the single picture that is shown instead of film; `protocol` the way that plays. */
export interface Shown extends Seen { problem: ApiProblem | null; protocol: string | null }

const TELL_MS = 500;
/** A way that fails this often without a picture in between is left for the next one. */
const TRIES = 2;
/** One that has played is not at fault when the relay is away: it is left only after some twelve seconds, should a network begin to refuse it. */
const TRIES_ONCE_PLAYED = 15;

const REUSED_MS = 4000;

const WAYS: Record<string, { isUsable: () => boolean; Way: new (video: HTMLVideoElement, url: string, changed: () => void) => Way }> = {
  "ws-fmp4": { isUsable: () => canShowFilm(), Way: SocketWay },
  whep: { isUsable: () => canConnect(), Way: WhepWay },
  hls: { isUsable: () => canPlayHls(), Way: HlsWay },
};

export class LivePlayer {
  private shown: Shown = { state: "connecting", ageMs: null, still: null, problem: null, protocol: null };
  private way: Way | null = null;
  private unused: { addresses: Address[]; until: number } | null = null;
  private place = 0;
  private failures = 0;
  private readonly hasPlayed = new Set<string | null>();
  private attempt = 0;
  private isStopped = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** `ask` gets new addresses with a ticket, best first; `tell` hears twice a second how it goes; `first` is tried before the others. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly ask: () => Promise<Address[]>,
    private readonly tell: (shown: Shown) => void,
    private readonly first: string | null = null,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), TELL_MS);
    void this.connect();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
    clearInterval(this.timer);
    this.drop();
  }

  /** When the picture that is seen now reached the relay, by the relay's clock; null while that is not known. */
  shownAt(): Date | null {
    const moment = this.shown.state === "playing" ? (this.way?.momentMs() ?? null) : null;
    return moment === null ? null : new Date(moment);
  }

  private async connect(): Promise<void> {
    try {
      const addresses = await this.addresses();
      if (this.isStopped) return;
      const address = addresses[this.place % addresses.length];
      if (address) this.open(address);
      else this.say("unable");
    } catch (reason) {
      this.say("lost", reason instanceof ApiProblem ? reason : null);
      this.again();
    }
  }

  /** A ticket with which nothing was heard is unused, and good for another try. */
  private async addresses(): Promise<Address[]> {
    if (this.unused && Date.now() < this.unused.until) return this.unused.addresses;
    const usable = (await this.ask()).filter(({ protocol }) => WAYS[protocol]?.isUsable());
    const addresses = usable.toSorted((one, other) => Number(other.protocol === this.first) - Number(one.protocol === this.first));
    this.unused = { addresses, until: Date.now() + REUSED_MS };
    return addresses;
  }

  private open({ protocol, url }: Address): void {
    this.drop();
    if (protocol !== "ws-fmp4") this.unused = null; // asked by HTTP, a ticket is used whatever becomes of it
    this.shown = { ...this.shown, protocol };
    const { Way } = WAYS[protocol]!;
    this.way = new Way(this.video, url, () => this.look());
  }

  /** Twice a second, and whenever something happens: is it going, and how old is what is seen? */
  private look(): void {
    if (this.isStopped) return;
    const seen = this.way?.look(Date.now());
    if (seen === null) return this.fail();
    if (seen) {
      if (seen.state !== "connecting") this.unused = null;
      if (seen.state === "playing" || seen.state === "stills") {
        this.attempt = this.failures = 0;
        this.hasPlayed.add(this.shown.protocol);
      }
      if (seen.state === "gone" || seen.state === "stalled") this.attempt = 0;
      // until something is heard the tile goes on saying that the connection was lost
      const state = seen.state === "connecting" && this.shown.state === "lost" ? "lost" : seen.state;
      this.shown = { ...this.shown, ...seen, state, problem: state === "lost" ? this.shown.problem : null };
    }
    this.tell(this.shown);
  }

  private fail(): void {
    this.failures += this.way?.isUnfit ? Infinity : 1;
    if (this.failures >= (this.hasPlayed.has(this.shown.protocol) ? TRIES_ONCE_PLAYED : TRIES)) {
      this.failures = 0;
      this.place += 1;
    }
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
    this.way?.close();
    this.way = null;
  }

  private say(state: PlayState, problem: ApiProblem | null = null): void {
    if (this.isStopped) return;
    this.shown = { ...this.shown, state, ageMs: null, still: null, problem };
    this.tell(this.shown);
  }
}
