/** Every byte of an archive is accounted for: it is written anew from its content and laid beside the old one. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { ARCHIVE, finding, type Finding } from "./findings";
import type { Bytes } from "./plainJson";
import { centralHeader, crc32, endRecord, localHeader, type Placed } from "./zipForm";
import type { Entry, Reading, Source } from "./zipRead";

const SHOWN_BYTES = 16;

/** Whether the content under a name is what the manifest lists; null if the manifest does not say. */
export type Known = (name: string, content: Bytes) => boolean | null;

/** An entry of the reading that was believed, with the CRCs that its header and the directory claim. */
export interface Held {
  entry: Entry;
  crcs: readonly [number | null, number | null];
}

/** The entries, by the reading that finds more of what the manifest lists. */
export function believe(data: Source, forward: Reading, backward: Reading | null, known: Known): Held[] {
  if (backward === null) return forward.entries.map((entry) => ({ entry, crcs: [entry.crc, null] }));
  if (isSame(forward, backward)) {
    return forward.entries.map((entry, place) => ({ entry, crcs: [entry.crc, backward.entries[place]!.crc] }));
  }
  const [first, second] = [score(data, forward, known), score(data, backward, known)];
  if (first > second || (first === second && forward.isWhole)) {
    const claims = new Map(backward.entries.map((one) => [one.start, one.crc]));
    return forward.entries.map((entry) => ({ entry, crcs: [entry.crc, claims.get(entry.start) ?? null] }));
  }
  const claims = new Map(forward.entries.map((one) => [one.start, one.crc]));
  return backward.entries.map((entry) => ({ entry, crcs: [claims.get(entry.start) ?? null, entry.crc] }));
}

function isSame(forward: Reading, backward: Reading): boolean {
  const said = (way: Reading): string => JSON.stringify(way.entries.map((one) => [one.name, one.start, one.end]));
  return forward.isWhole && said(forward) === said(backward);
}

const score = (data: Source, reading: Reading, known: Known): number =>
  reading.entries.filter((one) => known(one.name, data.slice(one.start, one.end)) === true).length;

/** Whatever around the content is not as the format has it. Content itself is compared elsewhere, by digest. */
export function match(data: Source, held: readonly Held[], known: Known): Finding[] {
  const beside = new Beside(data);
  const placed: Placed[] = [];
  for (const one of held) {
    const { name, start, end } = one.entry;
    const entry = { name, crc: crcOf(data, one, known), size: end - start, offset: beside.due };
    placed.push(entry);
    beside.lay(localHeader(entry), name, "archive.header");
    beside.skip(one.entry);
  }
  const begins = beside.due;
  for (const entry of placed) beside.lay(centralHeader(entry), entry.name, "archive.directory");
  beside.lay(endRecord(placed.length, beside.due - begins, begins), ARCHIVE, "archive.end");
  return beside.findings();
}

/** The CRC that the entry was written with: its content's, unless that was altered afterwards. */
function crcOf(data: Source, held: Held, known: Known): number {
  const content = data.slice(held.entry.start, held.entry.end);
  const computed = crc32(content);
  const claimed = [...new Set(held.crcs.filter((crc) => crc !== null))];
  if (claimed.length === 1 && claimed[0] !== computed) {
    return known(held.entry.name, content) === true && held.crcs.includes(null) ? computed : claimed[0]!;
  }
  return computed;
}

/** The archive as it should be, laid beside the one that is there. */
class Beside {
  due = 0;
  private at = 0;
  private isCut = false;
  private readonly found: Finding[] = [];

  constructor(private readonly data: Source) {}

  lay(expected: Bytes, where: string, code: string): void {
    const got = this.data.slice(this.at, this.at + expected.length);
    if (got.length < expected.length) this.isCut = true;
    else {
      const first = expected.findIndex((byte, place) => byte !== got[place]);
      if (first >= 0) {
        const shown = (bytes: Bytes): string => bytesToHex(bytes.slice(first, first + SHOWN_BYTES));
        this.found.push(finding(code, where, shown(expected), shown(got)));
      }
    }
    this.due += expected.length;
    this.at += expected.length;
  }

  skip(entry: Entry): void {
    if (entry.start !== this.at) this.found.push(finding("archive.shifted", entry.name, String(this.at), String(entry.start)));
    this.due += entry.end - entry.start;
    this.at = entry.end;
  }

  findings(): Finding[] {
    const { size } = this.data;
    if (this.isCut) return [...this.found, finding("archive.truncated", ARCHIVE, String(this.due), String(size))];
    if (this.at < size) return [...this.found, finding("archive.trailing", ARCHIVE, String(this.at), String(size))];
    return this.found;
  }
}
