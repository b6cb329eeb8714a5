/**
 * What the relay and this process say to each other, over standard input and output.
 *
 *     4 bytes   length of what follows, big endian
 *     1 byte    what it is
 *     4 bytes   whose it is: the number of a connection, which the relay gave it
 *     …         the body: JSON, or of a frame `time` (4 bytes, 90 kHz), `is key` (1 byte) and NAL units, each behind its length (4 bytes)
 */
export const enum Kind {
  offer = 1,
  frame = 2,
  close = 3,
  key = 4,
  answer = 5,
  refused = 6,
  connected = 7,
  closed = 8,
}

export interface Message { kind: Kind; peer: number; body: Buffer }
export interface Frame { time: number; isKey: boolean; units: Buffer[] }

const HEAD = 5;
const FRAME_HEAD = 5;
const LENGTH = 4;
const LARGEST = 16 * 1024 * 1024;

export function written(kind: Kind, peer: number, ...body: Buffer[]): Buffer {
  const head = Buffer.alloc(LENGTH + HEAD);
  const size = body.reduce((sum, part) => sum + part.length, 0);
  head.writeUInt32BE(HEAD + size, 0);
  head.writeUInt8(kind, LENGTH);
  head.writeUInt32BE(peer, LENGTH + 1);
  return Buffer.concat([head, ...body]);
}

export const writtenJson = (kind: Kind, peer: number, said: unknown): Buffer =>
  written(kind, peer, Buffer.from(JSON.stringify(said)));

export function writtenFrame(peer: number, { time, isKey, units }: Frame): Buffer {
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUInt32BE(time, 0);
  head.writeUInt8(isKey ? 1 : 0, LENGTH);
  return written(Kind.frame, peer, head, ...units.flatMap((unit) => [lengthOf(unit), unit]));
}

export function readFrame(body: Buffer): Frame {
  const units: Buffer[] = [];
  for (let at = FRAME_HEAD; at + LENGTH <= body.length; ) {
    const size = body.readUInt32BE(at);
    units.push(body.subarray(at + LENGTH, at + LENGTH + size));
    at += LENGTH + size;
  }
  return { time: body.readUInt32BE(0), isKey: body.readUInt8(LENGTH) === 1, units };
}

/** Bytes as they come in, whole messages out. */
export class Reader {
  private rest: Buffer[] = [];
  private held = 0;

  *take(bytes: Buffer): Generator<Message> {
    this.rest.push(bytes);
    this.held += bytes.length;
    for (;;) {
      const size = this.size();
      if (size === null || this.held < LENGTH + size) return;
      const all = this.rest.length === 1 ? this.rest[0]! : Buffer.concat(this.rest);
      this.rest = all.length > LENGTH + size ? [all.subarray(LENGTH + size)] : [];
      this.held -= LENGTH + size;
      yield { kind: all.readUInt8(LENGTH), peer: all.readUInt32BE(LENGTH + 1), body: all.subarray(LENGTH + HEAD, LENGTH + size) };
    }
  }

  private size(): number | null {
    if (this.held < LENGTH) return null;
    if (this.rest[0]!.length < LENGTH) this.rest = [Buffer.concat(this.rest)];
    const size = this.rest[0]!.readUInt32BE(0);
    if (size < HEAD || size > LARGEST) throw new Error(`a message of ${size} bytes`);
    return size;
  }
}

function lengthOf(unit: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32BE(unit.length, 0);
  return length;
}
