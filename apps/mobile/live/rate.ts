/**
 * How much is sent: film as fine as the link bears, and stills where it bears none. Decided from what the relay says it has,
 * because a browser knows nothing of what waits in the network below it.
 */
export const RATES = [250_000, 400_000, 700_000, 1_200_000, 2_000_000];
export const FIRST_RATE = 2;
const BAD_MS = 1500;
const GOOD_MS = 700;
const DOWN_EVERY_MS = 2000;
const UP_AFTER_MS = 8000;
const STILLS_AFTER_MS = 3000;
const LOST_MS = 4000;
/** A still that gets through this quickly leaves room for the thinnest film. */
const ENOUGH_BPS = 1.5 * RATES[0]!;
const QUICK_MS = 250;
const FIRST_NEED = 3;
const MOST_NEED = 24;
const STEADY_MS = 60_000;

export type Mode = "film" | "stills";

export class RateKeeper {
  mode: Mode = "film";
  private rung = FIRST_RATE;
  private changedAt = 0;
  private goodSince: number | null = null;
  private worstSince: number | null = null;
  private need = FIRST_NEED;
  private through = 0;

  get bitrate(): number {
    return RATES[this.rung]!;
  }

  /** Twice a second while film is sent: by how much the relay is behind what was sent, in milliseconds. */
  look(behindMs: number, now: number): void {
    if (this.mode === "stills") return;
    if (behindMs > BAD_MS) this.worse(behindMs, now);
    else this.worstSince = null;
    if (behindMs >= GOOD_MS) this.goodSince = null;
    else this.goodSince ??= now;
    if (this.goodSince === null) return;
    if (now - this.changedAt >= STEADY_MS) this.need = FIRST_NEED;
    if (now - Math.max(this.goodSince, this.changedAt) >= UP_AFTER_MS && this.rung < RATES.length - 1) this.step(1, now);
  }

  /** A still of so many bytes was with the relay after so long. Enough of them in a row, and film is tried again. */
  stillArrived(bytes: number, tookMs: number, now: number): void {
    if (this.mode === "film") return;
    const isEnough = tookMs <= QUICK_MS || (bytes * 8000) / tookMs >= ENOUGH_BPS;
    this.through = isEnough ? this.through + 1 : 0;
    if (this.through < this.need) return;
    this.mode = "film";
    this.rung = 0;
    this.changedAt = now;
    this.goodSince = this.worstSince = null;
    this.need = Math.min(MOST_NEED, this.need * 2);
  }

  private worse(behindMs: number, now: number): void {
    this.worstSince ??= now;
    const isLost = behindMs > LOST_MS || (this.rung === 0 && now - this.worstSince >= STILLS_AFTER_MS);
    if (isLost) {
      this.mode = "stills";
      this.through = 0;
      this.changedAt = now;
    } else if (this.rung > 0 && now - this.changedAt >= DOWN_EVERY_MS) this.step(-1, now);
  }

  private step(by: number, now: number): void {
    this.rung += by;
    this.changedAt = now;
    this.goodSince = null;
  }
}
