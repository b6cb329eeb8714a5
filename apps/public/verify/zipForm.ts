/** The bytes around the content of a record's archive, written from its entries alone (APPNOTE.TXT 6.3.10, §4.3). */
import type { Bytes } from "./plainJson";

export const LOCAL_SIZE = 30;
export const CENTRAL_SIZE = 46;
export const END_SIZE = 22;
export const LOCAL_MARK = 0x04034b50;
export const CENTRAL_MARK = 0x02014b50;
export const END_MARK = 0x06054b50;
export const STORED = 0;
const [MADE_BY, NEEDS, DATE, RIGHTS] = [0x0314, 10, 0x0021, (0o100644 << 16) >>> 0];

/** An entry and where it begins. */
export interface Placed {
  name: string;
  crc: number;
  size: number;
  offset: number;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The CRC-32 of an entry's content, as ZIP has it. */
export function crc32(content: Bytes): number {
  let value = 0xffffffff;
  for (const byte of content) value = TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Two and four byte numbers, lowest byte first, as `[size, value]`. */
function packed(fields: readonly (readonly [2 | 4, number])[], name = ""): Bytes {
  const whole = fields.reduce((sum, [size]) => sum + size, 0);
  const bytes = new Uint8Array(whole + name.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  for (let place = 0; place < name.length; place += 1) bytes[whole + place] = name.charCodeAt(place);
  return bytes;
}

/** What stands before an entry's content. */
export const localHeader = (entry: Placed): Bytes =>
  packed([[4, LOCAL_MARK], [2, NEEDS], [2, 0], [2, STORED], [2, 0], [2, DATE],
    [4, entry.crc], [4, entry.size], [4, entry.size], [2, entry.name.length], [2, 0]], entry.name);

/** The line of an entry in the archive's directory. */
export const centralHeader = (entry: Placed): Bytes =>
  packed([[4, CENTRAL_MARK], [2, MADE_BY], [2, NEEDS], [2, 0], [2, STORED], [2, 0], [2, DATE],
    [4, entry.crc], [4, entry.size], [4, entry.size], [2, entry.name.length], [2, 0], [2, 0], [2, 0], [2, 0],
    [4, RIGHTS], [4, entry.offset]], entry.name);

/** The last 22 bytes: how many entries, and where the directory is. */
export const endRecord = (count: number, size: number, offset: number): Bytes =>
  packed([[4, END_MARK], [2, 0], [2, 0], [2, count & 0xffff], [2, count & 0xffff], [4, size], [4, offset], [2, 0]]);
