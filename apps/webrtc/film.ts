/** Frames out of packets: those of one time, up to the marker. After a loss nothing goes on before the next key frame. */
import { Joiner, kindOf } from "./payload";
import { Order } from "./order";
import type { Frame } from "./wire";

const IDR = 5;
const LARGEST_FRAME = 4 * 1024 * 1024;

export interface MediaPacket { header: { sequenceNumber: number; timestamp: number; marker: boolean }; payload: Buffer }

export class FilmReader {
  private readonly order = new Order<MediaPacket>();
  private readonly joiner = new Joiner();
  private units: Buffer[] = [];
  private size = 0;
  private time: number | null = null;
  private isWhole = true;
  private isLost = true;

  /** `lost` is called when a key frame is needed to go on. */
  constructor(private readonly lost: () => void) {}

  take(packet: MediaPacket, now: number): Frame[] {
    return this.order.take(packet, now).flatMap((next) => (next ? this.add(next) : this.lose()));
  }

  private add({ header, payload }: MediaPacket): Frame[] {
    if (payload.length === 0) return []; // a sender's probe of the link
    const before = header.timestamp === this.time ? [] : this.finish();
    this.time = header.timestamp;
    const units = this.joiner.take(payload);
    this.size += payload.length;
    if (units === null || this.size > LARGEST_FRAME) this.lose();
    else if (this.isWhole) this.units.push(...units);
    return header.marker ? [...before, ...this.finish()] : before;
  }

  private finish(): Frame[] {
    const frame = { time: this.time ?? 0, isKey: this.units.some((unit) => kindOf(unit) === IDR), units: this.units };
    const isGood = this.isWhole && this.units.length > 0 && (frame.isKey || !this.isLost);
    this.units = [];
    this.size = 0;
    this.isWhole = true;
    this.joiner.forget();
    if (isGood) this.isLost = false;
    return isGood ? [frame] : [];
  }

  private lose(): Frame[] {
    this.isWhole = false;
    this.isLost = true;
    this.units = [];
    this.joiner.forget();
    this.lost();
    return [];
  }
}
