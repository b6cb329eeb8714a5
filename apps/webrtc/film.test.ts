// @vitest-environment node
import { describe, expect, it } from "vitest";
import { FilmReader, type MediaPacket } from "./film";
import { Joiner, kindOf, LARGEST_PAYLOAD, payloadsOf } from "./payload";
import { Kind, Reader, readFrame, written, writtenFrame, type Frame, type Message } from "./wire";

/** The same figures every time: a test that fails, fails again. */
function* figures(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield state;
  }
}
const unit = (kind: number, size: number, fill: number): Buffer => Buffer.concat([Buffer.from([0x60 | kind]), Buffer.alloc(size - 1, fill)]);
const key = (time: number, size = 5000): Frame => ({ time, isKey: true, units: [unit(7, 12, 1), unit(8, 5, 2), unit(5, size, 3)] });
const other = (time: number, size = 300): Frame => ({ time, isKey: false, units: [unit(1, size, 4)] });

let sequence = 0;
function packetsOf(frame: Frame): MediaPacket[] {
  const payloads = frame.units.flatMap(payloadsOf);
  return payloads.map((payload, index) => ({
    header: { sequenceNumber: (sequence++ + 65000) % 65536, timestamp: frame.time, marker: index === payloads.length - 1 },
    payload,
  }));
}
const read = (packets: MediaPacket[], lost = (): void => undefined, now = (index: number): number => index): Frame[] => {
  const reader = new FilmReader(lost);
  return packets.flatMap((packet, index) => reader.take(packet, now(index)));
};

describe("payloads", () => {
  it("are never larger than a packet may be, and are joined to what they were", () => {
    for (const size of [1, 2, LARGEST_PAYLOAD, LARGEST_PAYLOAD + 1, 3 * LARGEST_PAYLOAD, 100_000]) {
      const whole = unit(5, size, 9);
      const payloads = payloadsOf(whole);
      const joiner = new Joiner();
      expect(Math.max(...payloads.map((one) => one.length))).toBeLessThanOrEqual(LARGEST_PAYLOAD);
      expect(payloads.flatMap((one) => joiner.take(one) ?? []).map((one) => one.equals(whole))).toEqual([true]);
    }
  });
  it("may hold several units", () => {
    const units = [unit(7, 12, 1), unit(8, 5, 2)];
    const payload = Buffer.concat([Buffer.from([0x78]), ...units.flatMap((one) => [Buffer.from([0, one.length]), one])]);
    expect(new Joiner().take(payload)?.map(kindOf)).toEqual([7, 8]);
    expect(new Joiner().take(payload.subarray(0, -1))).toBeNull();
  });
  it("of garbage harm nothing that follows", () => {
    const random = figures(7);
    const joiner = new Joiner();
    for (let round = 0; round < 2000; round += 1) {
      joiner.take(Buffer.from(Array.from({ length: random.next().value % 20 }, () => random.next().value % 256)));
    }
    joiner.forget();
    expect(joiner.take(unit(1, 50, 4))?.length).toBe(1);
  });
});

describe("film", () => {
  it("is what was sent, also where packets change places", () => {
    const frames = [key(0), other(3000), other(6000), key(9000), other(12000)];
    const packets = frames.flatMap(packetsOf);
    for (const at of [2, 4, 6]) [packets[at], packets[at + 1]] = [packets[at + 1]!, packets[at]!];
    expect(read(packets)).toEqual(frames);
  });
  it("goes on at the next key frame after a loss, and asks for one", () => {
    const frames = [key(0), other(3000), other(6000), key(9000), other(12000)];
    const packets = frames.flatMap(packetsOf);
    const isLost = packets.findIndex((one) => one.header.timestamp === 3000);
    let asked = 0;
    const seen = read(packets.filter((_, index) => index !== isLost), () => (asked += 1), (index) => index * 200);
    expect(seen.map((frame) => frame.time)).toEqual([0, 9000, 12000]);
    expect(asked).toBeGreaterThan(0);
  });
  it("waits for a key frame at the beginning", () => {
    expect(read([other(0), key(3000)].flatMap(packetsOf)).map((frame) => frame.time)).toEqual([3000]);
  });
});

describe("messages", () => {
  it("are read as they were written, however they are cut", () => {
    const said = [writtenFrame(3, key(90)), written(Kind.close, 4), writtenFrame(5, other(180, 70_000))];
    const bytes = Buffer.concat(said);
    for (const step of [1, 7, 4096, bytes.length]) {
      const reader = new Reader();
      const heard: Message[] = [];
      for (let at = 0; at < bytes.length; at += step) heard.push(...reader.take(bytes.subarray(at, at + step)));
      expect(heard.map((one) => [one.kind, one.peer])).toEqual([[Kind.frame, 3], [Kind.close, 4], [Kind.frame, 5]]);
      expect(readFrame(heard[0]!.body)).toEqual(key(90));
    }
  });
  it("of an impossible size are refused", () => {
    expect(() => [...new Reader().take(Buffer.from([255, 255, 255, 255, 1, 0, 0, 0, 0]))]).toThrow();
  });
});
