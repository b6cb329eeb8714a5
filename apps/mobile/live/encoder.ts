/** Makes what is sent out of the camera's pictures: H.264 frames, or a still. */
import { packetOf } from "./wire";

const FRAME_RATE = 25;
const KEY_EVERY_US = 2_000_000;
const MOST_QUEUED = 2;
const STILL_WIDTH = 640;
const STILL_QUALITY = 0.55;
/** Constrained baseline 3.1: 1280x720 at 30 a second, no frame waits for a later one, every browser shows it. */
const CODEC = "avc1.42e01f";

const configOf = (width: number, height: number, bitrate: number): VideoEncoderConfig => ({
  codec: CODEC, width, height, bitrate, framerate: FRAME_RATE, latencyMode: "realtime", avc: { format: "avc" },
});

export async function canEncode(): Promise<boolean> {
  if (typeof VideoEncoder === "undefined") return false;
  return (await VideoEncoder.isConfigSupported(configOf(1280, 720, 1_000_000)).catch(() => null))?.supported === true;
}

export class FilmEncoder {
  private encoder: VideoEncoder | null = null;
  private size = "";
  private bitrate = 0;
  private keyAt = -Infinity;
  private wantsKey = true;

  /** `send` gets each message; `broken` is called once if this browser's encoder gives up. */
  constructor(
    private readonly send: (packet: ArrayBuffer, time_ms: number) => void,
    private readonly broken: () => void,
  ) {}

  /** A picture becomes part of the film, unless the encoder is behind. The caller still closes it. */
  take(frame: VideoFrame, bitrate: number): void {
    const [width, height] = [even(frame.displayWidth), even(frame.displayHeight)];
    if (this.encoder === null || this.size !== `${width}x${height}` || this.bitrate !== bitrate) this.configure(width, height, bitrate);
    if (!this.encoder || this.encoder.encodeQueueSize > MOST_QUEUED) return;
    const keyFrame = this.wantsKey || frame.timestamp - this.keyAt >= KEY_EVERY_US || frame.timestamp < this.keyAt;
    this.encoder.encode(frame, { keyFrame });
    if (!keyFrame) return;
    this.keyAt = frame.timestamp;
    this.wantsKey = false;
  }

  /** The next frame can be shown without those before it. */
  askKey(): void {
    this.wantsKey = true;
  }

  close(): void {
    const encoder = this.encoder;
    this.encoder = null;
    this.size = "";
    this.wantsKey = true;
    if (encoder && encoder.state !== "closed") encoder.close();
  }

  private configure(width: number, height: number, bitrate: number): void {
    if (this.encoder?.state !== "configured") this.encoder = this.made();
    this.size = `${width}x${height}`;
    this.bitrate = bitrate;
    this.wantsKey = true;
    this.encoder.configure(configOf(width, height, bitrate));
  }

  private made(): VideoEncoder {
    const encoder = new VideoEncoder({
      output: (chunk, meta) => {
        if (encoder !== this.encoder) return;
        const time_ms = Math.round(chunk.timestamp / 1000);
        const described = meta?.decoderConfig?.description;
        if (described) this.send(packetOf("configuration", time_ms, bytesOf(described)), time_ms);
        const body = new Uint8Array(chunk.byteLength);
        chunk.copyTo(body);
        this.send(packetOf(chunk.type === "key" ? "keyFrame" : "frame", time_ms, body), time_ms);
      },
      error: () => {
        if (encoder === this.encoder) this.broken();
      },
    });
    return encoder;
  }
}

/** A small JPEG of one picture; the caller still closes it. */
export async function stillOf(frame: VideoFrame): Promise<Uint8Array> {
  const width = Math.min(STILL_WIDTH, frame.displayWidth);
  const height = Math.round((width * frame.displayHeight) / frame.displayWidth);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")!.drawImage(frame, 0, 0, width, height);
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", STILL_QUALITY));
  if (!made) throw new Error("no still");
  return new Uint8Array(await made.arrayBuffer());
}

const even = (pixels: number): number => pixels - (pixels % 2);
const bytesOf = (source: AllowSharedBufferSource): Uint8Array =>
  ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
