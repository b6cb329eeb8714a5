/** A file is checked in a worker of this browser; it is sent nowhere. */
import type { ReportBody } from "./findings";
import { LARGEST_ARCHIVE } from "./form";
import { tooLarge } from "./verify";

/** The report on a file, or an error if this browser cannot read it. `key`: the public key as known from elsewhere. */
export async function check(file: File, key: string | null): Promise<ReportBody> {
  if (file.size > LARGEST_ARCHIVE) return tooLarge(file.size).body();
  const content = await file.arrayBuffer();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<ReportBody>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ReportBody>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ content, key }, [content]);
    });
  } finally {
    worker.terminate();
  }
}
