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
  /** Corners (lon, lat) of the ground that its camera sees, not closed; null where nobody knows of any. */
  ground: Corner[] | null;
}
export type Corner = [lon: number, lat: number];
export interface Frame {
  /** What is not in it is not known any more. */
  isWhole: boolean;
  places: Place[];
}

const VERSION = 2;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 44;
const SHAPE_BYTES = 17;
const CORNER_BYTES = 8;
const UNKNOWN = 0xffff;
const UNKNOWN_ALTITUDE = -0x8000;

/** What a frame says; null for one that this version does not understand, or that is cut short. */
export function readFrame(buffer: ArrayBuffer): Frame | null {
  if (buffer.byteLength < HEADER_BYTES) return null;
  const view = new DataView(buffer);
  const count = view.getUint32(4, true);
  const entriesEnd = HEADER_BYTES + count * ENTRY_BYTES;
  if (view.getUint8(0) !== VERSION || buffer.byteLength < entriesEnd) return null;
  const grounds = readShapes(view, entriesEnd, view.getUint16(2, true));
  if (!grounds) return null;
  const places = Array.from({ length: count }, (_none, place) => readEntry(view, HEADER_BYTES + place * ENTRY_BYTES, grounds));
  return { isWhole: view.getUint8(1) === 1, places: places.filter((place) => place !== null) };
}

/** The ground that each carrier's camera sees; null for what is cut short, or goes on after its end. */
function readShapes(view: DataView, begin: number, count: number): Map<string, Corner[]> | null {
  const grounds = new Map<string, Corner[]>();
  let at = begin;
  for (let shape = 0; shape < count; shape += 1) {
    if (view.byteLength < at + SHAPE_BYTES) return null;
    const corners = view.getUint8(at + 16);
    const first = at + SHAPE_BYTES;
    const next = first + corners * CORNER_BYTES;
    if (view.byteLength < next) return null;
    grounds.set(idAt(view, at), Array.from({ length: corners }, (_none, place) => cornerAt(view, first + place * CORNER_BYTES)));
    at = next;
  }
  return at === view.byteLength ? grounds : null;
}

const cornerAt = (view: DataView, at: number): Corner => [view.getInt32(at, true) / 1e7, view.getInt32(at + 4, true) / 1e7];

function readEntry(view: DataView, at: number, grounds: ReadonlyMap<string, Corner[]>): Place | null {
  const kind = KINDS[view.getUint8(at + 16)];
  if (kind === undefined) return null;
  const altitude = view.getInt16(at + 38, true);
  const id = idAt(view, at);
  return {
    id,
    kind,
    at: Number(view.getBigInt64(at + 20, true)),
    lon: view.getInt32(at + 28, true) / 1e7,
    lat: view.getInt32(at + 32, true) / 1e7,
    accuracy_m: scaled(view.getUint16(at + 36, true), 10),
    altitude_m: altitude === UNKNOWN_ALTITUDE ? null : altitude,
    course_deg: scaled(view.getUint16(at + 40, true), 100),
    speed_mps: scaled(view.getUint16(at + 42, true), 100),
    ground: grounds.get(id) ?? null,
  };
}

const scaled = (value: number, scale: number): number | null => (value === UNKNOWN ? null : value / scale);

function idAt(view: DataView, at: number): string {
  const hex = Array.from({ length: 16 }, (_none, place) => view.getUint8(at + place).toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
