/** What a live player decides, apart from the browser: where to be in the film, and how old the picture is. */

/** Seconds behind the newest frame. A film is decoded ahead, so being nearer than this makes it stop and go. */
export const NEAR_S = 0.1;
const FAR_S = 0.16;
/** A new viewer begins with what came since the last key frame, and is this far behind: it catches up at once. */
const BEHIND_S = 0.4;
const LOST_S = 1.2;

export type Step = { seek: number } | { rate: number };

/** What keeps the player at the newest picture: it jumps over a hole or a long delay, and hurries after a short one. */
export function stepToLive(at: number, start: number, end: number): Step {
  const newest = Math.max(start, end - NEAR_S);
  if (at < start || at > end || end - at > LOST_S) return { seek: newest };
  const behind = end - at;
  return { rate: behind > BEHIND_S ? 1.5 : behind > FAR_S ? 1.15 : 1 };
}

/** The relay's clock as seen from here: the answer that came quickest tells it best. */
export class RelayClock {
  private best = Infinity;
  private offset: number | null = null;
  private zero: number | null = null;

  /** An answer to what was asked at `askedMs` and heard at `heardMs`: the relay's clock stood at `atMs`. */
  answered(askedMs: number, heardMs: number, atMs: number): void {
    const round = heardMs - askedMs;
    if (round > this.best) return;
    this.best = round;
    this.offset = atMs - (askedMs + heardMs) / 2;
  }

  /** The relay says when the film's time nought was. */
  isZeroAt(zeroMs: number): void {
    this.zero = zeroMs;
  }

  /** The time of day (ms since 1970, the relay's clock) at which the picture at `filmS` seconds reached the relay; null until it has said. */
  momentMs(filmS: number): number | null {
    return this.zero === null ? null : this.zero + filmS * 1000;
  }

  /** Milliseconds since this moment of the relay's clock; null until that clock is known. */
  sinceMs(momentMs: number, nowMs: number): number | null {
    return this.offset === null ? null : Math.max(0, nowMs + this.offset - momentMs);
  }

  /** Milliseconds since the picture at `filmS` seconds of the film reached the relay; null until that is known. */
  ageMs(filmS: number, nowMs: number): number | null {
    if (this.offset === null || this.zero === null) return null;
    return Math.max(0, nowMs + this.offset - this.zero - filmS * 1000);
  }
}

/** How long to wait before trying for the n-th time: soon at first, and never so long that what is back is not seen within a second. */
export const waitMs = (attempt: number): number => Math.min(800, 200 * 2 ** attempt);
