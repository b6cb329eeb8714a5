/** A record's archive is read twice: forward, header by header, and backward, by its directory. Nothing is unpacked. */
import { LONGEST_NAME, MOST_ENTRIES } from "./form";
import type { Bytes } from "./plainJson";
import { CENTRAL_MARK, CENTRAL_SIZE, END_MARK, END_SIZE, LOCAL_MARK, LOCAL_SIZE, STORED } from "./zipForm";

/** An entry as one reading has it: its name, its content from `start` to `end`, and the CRC-32 it claims. */
export interface Entry {
  name: string;
  start: number;
  end: number;
  crc: number;
}

export class Reading {
  readonly entries: Entry[] = [];
  isWhole = false;
  end = 0;
  stoppedIn: string | null = null;
  compressed: string | null = null;
}

/** The bytes of a file, read as little numbers; beyond the end there is nothing. */
export class Source {
  private readonly view: DataView;

  constructor(readonly bytes: Bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.length;
  }

  u16 = (at: number): number => this.view.getUint16(at, true);
  u32 = (at: number): number => this.view.getUint32(at, true);
  mark = (at: number): number | null => (at >= 0 && at + 4 <= this.size ? this.u32(at) : null);
  slice = (start: number, end: number): Bytes => this.bytes.subarray(start, end);

  name(at: number, size: number): string {
    let found = "";
    for (const byte of this.slice(at, at + Math.min(size, LONGEST_NAME + 1))) found += String.fromCharCode(byte);
    return found;
  }
}

/** Entry after entry from the first byte, until the directory begins (whole) or something else stands there. */
export function readForward(data: Source): Reading {
  const reading = new Reading();
  while (reading.entries.length <= MOST_ENTRIES) {
    const mark = data.mark(reading.end);
    if (mark === CENTRAL_MARK || mark === END_MARK) {
      reading.isWhole = reading.entries.length > 0;
      return reading;
    }
    const entry = local(data, reading.end, reading);
    if (entry === null) return reading;
    reading.entries.push(entry);
    reading.end = entry.end;
  }
  return reading;
}

function local(data: Source, at: number, reading: Reading): Entry | null {
  if (data.size - at < LOCAL_SIZE || data.mark(at) !== LOCAL_MARK) return null;
  const [size, nameSize, extraSize] = [data.u32(at + 18), data.u16(at + 26), data.u16(at + 28)];
  const start = at + LOCAL_SIZE + nameSize + extraSize;
  const name = data.name(at + LOCAL_SIZE, nameSize);
  if (data.u16(at + 8) !== STORED) {
    reading.compressed = name;
    return null;
  }
  if (start + size > data.size || nameSize > LONGEST_NAME) {
    reading.stoppedIn = name;
    return null;
  }
  return { name, start, end: start + size, crc: data.u32(at + 14) };
}

interface Listed {
  name: string;
  crc: number;
  size: number;
  header: number;
}

/** The entries that the directory at the end lists, or null if there is no directory to be found from the end. */
export function readBackward(data: Source): Reading | null {
  const endAt = data.size - END_SIZE;
  if (endAt < 0 || data.mark(endAt) !== END_MARK) return null;
  const [size, offset] = [data.u32(endAt + 12), data.u32(endAt + 16)];
  const begins = endAt - size;
  if (begins < 0) return null;
  const reading = new Reading();
  reading.end = begins;
  for (const listed of directory(data, begins, endAt, reading)) {
    const entry = found(data, listed, begins, begins - offset);
    if (entry !== null && entry.start >= (reading.entries.at(-1)?.end ?? 0)) reading.entries.push(entry);
  }
  return reading.entries.length > 0 ? reading : null;
}

function* directory(data: Source, begins: number, ends: number, reading: Reading): Generator<Listed> {
  let at = begins;
  for (let count = 0; count <= MOST_ENTRIES; count += 1) {
    if (ends - at < CENTRAL_SIZE || data.mark(at) !== CENTRAL_MARK) break;
    const nameSize = data.u16(at + 28);
    const name = data.name(at + CENTRAL_SIZE, nameSize);
    if (data.u16(at + 10) !== STORED) {
      reading.compressed = name;
      break;
    }
    yield { name, crc: data.u32(at + 16), size: data.u32(at + 20), header: data.u32(at + 42) };
    at += CENTRAL_SIZE + nameSize + data.u16(at + 30) + data.u16(at + 32);
  }
  reading.isWhole = at === ends;
}

function found(data: Source, listed: Listed, begins: number, moved: number): Entry | null {
  for (const header of [listed.header, listed.header + moved]) {
    const start = header + LOCAL_SIZE + listed.name.length;
    if (header >= 0 && start + listed.size <= begins && isIt(data, header, listed)) {
      return { name: listed.name, start, end: start + listed.size, crc: listed.crc };
    }
  }
  return null;
}

/** By its name, or if that was damaged, by its CRC and size. */
function isIt(data: Source, header: number, listed: Listed): boolean {
  if (data.name(header + LOCAL_SIZE, listed.name.length) === listed.name) return true;
  return data.mark(header) === LOCAL_MARK && data.u32(header + 14) === listed.crc && data.u32(header + 18) === listed.size;
}
