/** The check runs beside the page, so that a large record does not stop it. */
import { verify } from "./verify";

onmessage = ({ data }: MessageEvent<{ content: ArrayBuffer; key: string | null }>) => {
  postMessage(verify(new Uint8Array(data.content), data.key).body());
};
