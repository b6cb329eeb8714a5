/** Packets in the order in which they were sent; what stays away too long is given up, so that one loss never holds a picture for long. */
const ROUND = 0x10000;
const MOST_HELD = 256;
/** A packet that is asked for again comes within a round trip or two. */
export const PATIENCE_MS = 250;

export interface Numbered { header: { sequenceNumber: number } }

export class Order<P extends Numbered> {
  private next: number | null = null;
  private held = new Map<number, P>();
  private missingSince: number | null = null;

  /** What may go on now, in order; `null` stands where something is lost for good. */
  take(packet: P, now: number): (P | null)[] {
    const number = packet.header.sequenceNumber;
    this.next ??= number;
    if (((number - this.next + ROUND) % ROUND) >= ROUND / 2) return []; // too late, or twice
    this.held.set(number, packet);
    const out: (P | null)[] = this.inOrder();
    if (this.held.size === 0) this.missingSince = null;
    else this.missingSince ??= now;
    if (this.missingSince !== null && (now - this.missingSince > PATIENCE_MS || this.held.size > MOST_HELD)) {
      out.push(null, ...this.skip());
      this.missingSince = this.held.size === 0 ? null : now;
    }
    return out;
  }

  private inOrder(): P[] {
    const out: P[] = [];
    for (let packet = this.held.get(this.next!); packet; packet = this.held.get(this.next!)) {
      out.push(packet);
      this.held.delete(this.next!);
      this.next = (this.next! + 1) % ROUND;
    }
    return out;
  }

  private skip(): P[] {
    const ahead = (number: number): number => (number - this.next! + ROUND) % ROUND;
    this.next = [...this.held.keys()].reduce((least, number) => (ahead(number) < ahead(least) ? number : least));
    return this.inOrder();
  }
}
