/** The raw outbox as a file, for when the server is gone or somebody else has to look. */
import type { Store } from "./db";

export const FORMAT = "liandong.outbox/1";

/** The pieces of a JSON text {format, exported_at, device_id, deeds, receipts, drafts, uploads, files}; file bytes are base64. */
export async function exportOutbox(store: Store, now: Date = new Date()): Promise<string[]> {
  const head = { format: FORMAT, exported_at: now.toISOString(), device_id: await store.setting<string>("device_id") };
  const lists = {
    deeds: await store.deeds.orderBy("seq").toArray(),
    receipts: await store.receipts.orderBy("seq").toArray(),
    drafts: await store.drafts.toArray(),
    uploads: await store.uploads.toArray(),
  };
  const pieces = [JSON.stringify({ ...head, ...lists }).slice(0, -1), ',"files":['];
  const names = await store.files.toCollection().primaryKeys();
  for (const [at, sha256] of names.entries()) {
    const file = await store.files.get(sha256);
    if (file) pieces.push(at > 0 ? "," : "", JSON.stringify({ ...file, bytes: file.bytes && base64(file.bytes) }));
  }
  return [...pieces, "]}"];
}

const AT_ONCE = 0x8000;

function base64(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += AT_ONCE) text += String.fromCharCode(...view.subarray(at, at + AT_ONCE));
  return btoa(text);
}
