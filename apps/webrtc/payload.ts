/**
 * H.264 in RTP: NAL units into payloads and back. Nothing is decoded.
 * Basis: RFC 6184 §5.6 (single NAL unit), §5.7.1 (STAP-A), §5.8 (FU-A); packetization-mode 1.
 */
const STAP_A = 24;
const FU_A = 28;
const BEGINS = 0x80;
const ENDS = 0x40;
const KIND = 0x1f;
/** With the headers below it a packet of this size passes every usual link in one piece. */
export const LARGEST_PAYLOAD = 1180;

export const kindOf = (unit: Buffer): number => (unit[0] ?? 0) & KIND;

export function payloadsOf(unit: Buffer): Buffer[] {
  if (unit.length <= LARGEST_PAYLOAD) return [unit];
  const first = unit[0]!;
  const pieces: Buffer[] = [];
  const room = LARGEST_PAYLOAD - 2;
  for (let at = 1; at < unit.length; at += room) {
    const piece = unit.subarray(at, at + room);
    const edge = (at === 1 ? BEGINS : 0) | (at + room >= unit.length ? ENDS : 0);
    pieces.push(Buffer.concat([Buffer.from([(first & ~KIND) | FU_A, edge | (first & KIND)]), piece]));
  }
  return pieces;
}

/** NAL units out of payloads that come in order; `null` if what came cannot be joined to what was before. */
export class Joiner {
  private pieces: Buffer[] | null = null;

  take(payload: Buffer): Buffer[] | null {
    const kind = kindOf(payload);
    if (kind === FU_A) return this.join(payload);
    if (this.pieces !== null || kind === 0 || kind > FU_A) return this.broken();
    if (kind === STAP_A) return this.split(payload);
    return kind < STAP_A ? [payload] : this.broken();
  }

  forget(): void {
    this.pieces = null;
  }

  private join(payload: Buffer): Buffer[] | null {
    if (payload.length < 3) return this.broken();
    const edge = payload[1]!;
    if (edge & BEGINS) {
      if (this.pieces !== null) return this.broken();
      this.pieces = [Buffer.from([(payload[0]! & ~KIND) | (edge & KIND)])];
    }
    if (this.pieces === null) return this.broken();
    this.pieces.push(payload.subarray(2));
    if (!(edge & ENDS)) return [];
    const unit = Buffer.concat(this.pieces);
    this.pieces = null;
    return [unit];
  }

  private split(payload: Buffer): Buffer[] | null {
    const units: Buffer[] = [];
    for (let at = 1; at < payload.length; ) {
      const size = at + 2 <= payload.length ? payload.readUInt16BE(at) : 0;
      if (size === 0 || at + 2 + size > payload.length) return this.broken();
      units.push(payload.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
    return units;
  }

  private broken(): null {
    this.pieces = null;
    return null;
  }
}
