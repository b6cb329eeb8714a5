/** What is sent over the socket, one picture a message: docs/phone-pictures.md. */
export const SUBPROTOCOL = "liandong.picture.1";
export const KIND = { configuration: 1, keyFrame: 2, frame: 3, still: 4 } as const;
export type Kind = keyof typeof KIND;
const HEADER = 8;

/** A message: what it is, when it was taken (milliseconds of this phone's clock), and its bytes. */
export function packetOf(kind: Kind, time_ms: number, body: Uint8Array): ArrayBuffer {
  const packet = new Uint8Array(HEADER + body.byteLength);
  const head = new DataView(packet.buffer);
  head.setUint8(0, KIND[kind]);
  head.setUint32(4, time_ms >>> 0);
  packet.set(body, HEADER);
  return packet.buffer;
}

export type Heard =
  | { say: "go" }
  | { say: "have"; time_ms: number | null; viewers: number }
  | { say: "key" }
  | { say: "refused"; code: string; zh: string; en: string }
  | { say: "ended"; why: "replaced" | "revoked" | "unanswered" };
