/** One way to watch a stream, from its address to the end. */

/**
 * connecting: nothing yet · playing · stills: single pictures, because the sender's link is thin · stalled: the sender is there, and
 * nothing new comes from it · gone: nobody sends now · lost: no connection, trying again · unable: this browser cannot
 */
export type PlayState = "connecting" | "playing" | "stills" | "stalled" | "gone" | "lost" | "unable";
export interface Seen { state: PlayState; ageMs: number | null; still: string | null }

export interface Way {
  /** What is seen now; null: this way has failed and is of no more use. */
  look: (now: number) => Seen | null;
  /** What the stream shows now cannot be shown this way at all: trying it again would change nothing. */
  isUnfit?: boolean;
  /** When what is seen reached the relay, by the relay's clock (ms since 1970); null while that is not known. */
  momentMs: () => number | null;
  close: () => void;
}

/** No new picture for this long is a standing one. */
export const STALLED_MS = 3000;

/** Whether something that should grow stands still: of a decoder's frames, or of a film's time. */
export class Progress {
  private value = -1;
  private at: number;
  constructor(now: number) {
    this.at = now;
  }

  /** Milliseconds since it last changed. */
  stoodMs(value: number, now: number): number {
    if (value !== this.value) {
      this.value = value;
      this.at = now;
    }
    return now - this.at;
  }
}
