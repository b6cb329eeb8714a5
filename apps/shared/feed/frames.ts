/** The frames that tell where everything is, as `liandong/means/tracks/points.py` writes them. Little-endian. */
export type CarrierKind = "officer" | "vehicle" | "boat" | "aircraft";
const KINDS: readonly CarrierKind[] = ["officer", "vehicle", "boat", "aircraft"];

/** Degrees WGS-84, metres, degrees clockwise from north, metres a second; null where nobody said. */
export interface Place {
  id: string;
  kind: CarrierKind;
  /** Milliseconds since 1970, by the device's clock. */
  at: number;
  lon: number;
  lat: number;
  accuracy_m: number | null;
  altitude_m: number | null;
  course_deg: number | null;
  speed_mps: number | null;
}
export interface Frame {
  /** What is not in it is not known any more. */
  isWhole: boolean;
  places: Place[];
}

const VERSION = 1;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 44;
const UNKNOWN = 0xffff;
const UNKNOWN_ALTITUDE = -0x8000;

/** What a frame says; null for one that this version does not understand, or that is cut short. */
export function readFrame(buffer: ArrayBuffer): Frame | null {
  if (buffer.byteLength < HEADER_BYTES) return null;
  const view = new DataView(buffer);
  const count = view.getUint32(4, true);
  if (view.getUint8(0) !== VERSION || buffer.byteLength !== HEADER_BYTES + count * ENTRY_BYTES) return null;
  const places = Array.from({ length: count }, (_none, place) => readEntry(view, HEADER_BYTES + place * ENTRY_BYTES));
  return { isWhole: view.getUint8(1) === 1, places: places.filter((place) => place !== null) };
}

function readEntry(view: DataView, at: number): Place | null {
  const kind = KINDS[view.getUint8(at + 16)];
  if (kind === undefined) return null;
  const altitude = view.getInt16(at + 38, true);
  return {
    id: idAt(view, at),
    kind,
    at: Number(view.getBigInt64(at + 20, true)),
    lon: view.getInt32(at + 28, true) / 1e7,
    lat: view.getInt32(at + 32, true) / 1e7,
    accuracy_m: scaled(view.getUint16(at + 36, true), 10),
    altitude_m: altitude === UNKNOWN_ALTITUDE ? null : altitude,
    course_deg: scaled(view.getUint16(at + 40, true), 100),
    speed_mps: scaled(view.getUint16(at + 42, true), 100),
  };
}

const scaled = (value: number, scale: number): number | null => (value === UNKNOWN ? null : value / scale);

function idAt(view: DataView, at: number): string {
  const hex = Array.from({ length: 16 }, (_none, place) => view.getUint8(at + place).toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
