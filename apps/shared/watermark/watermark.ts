/**
 * A copy of a picture with its facts written on it (水印副本), for looking at and for sharing. The original is never touched: it alone is
 * the evidence, and the copy names it by the first eight signs of its digest.
 */
import { w } from "../terms";
import { dateTime } from "../ui/time";

export interface PictureFacts {
  sha256: string;
  taken_at: string;
  taker: string;
  place: string;
  lon: number | null;
  lat: number | null;
}

/** The lines of the watermark, from the top: what is not known is said, not left out. */
export function linesOf(facts: PictureFacts): string[] {
  const position = facts.lon === null || facts.lat === null ? w("无定位", "no position") : `${facts.lon.toFixed(5)}, ${facts.lat.toFixed(5)}`;
  return [
    `${w("拍摄时间", "Taken")} ${dateTime(facts.taken_at)}`,
    `${w("对象", "Place")} ${facts.place || w("未登记", "not registered")}`,
    `${w("位置", "Position")} ${position}`,
    `${w("拍摄人", "Taken by")} ${facts.taker || "—"}`,
    `${w("副本 · 原件", "Copy · original")} ${facts.sha256.slice(0, 8)}`,
  ];
}

/** Letters are a fortieth of the longer side, and never too small to read. */
export const letterPx = (width: number, height: number): number => Math.max(12, Math.round(Math.max(width, height) / 40));

const LARGEST_PX = 1920;
const PADDING = 0.6;
const LEADING = 1.4;

/** A JPEG no larger than a screen, with the lines in its lower left corner. Rejects if this browser cannot draw the picture. */
export async function watermarked(original: Blob, lines: string[]): Promise<Blob> {
  const picture = await createImageBitmap(original);
  const scale = Math.min(1, LARGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d")!;
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  write(pen, lines, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((copy) => (copy ? resolve(copy) : reject(new Error("no copy"))), "image/jpeg", 0.88);
  });
}

function write(pen: CanvasRenderingContext2D, lines: string[], width: number, height: number): void {
  let size = letterPx(width, height);
  const fontOf = (px: number): string => `600 ${px}px system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`;
  pen.font = fontOf(size);
  const widest = Math.max(...lines.map((line) => pen.measureText(line).width));
  const room = width - 2 * size * PADDING;
  if (widest > room) size = Math.max(8, Math.floor((size * room) / widest));
  pen.font = fontOf(size);
  const [edge, step] = [size * PADDING, size * LEADING];
  const tall = lines.length * step + edge;
  pen.fillStyle = "rgb(0 0 0 / 0.55)";
  pen.fillRect(0, height - tall - edge, Math.min(width, Math.min(widest, room) + 3 * edge), tall + edge);
  pen.fillStyle = "#fff";
  pen.textBaseline = "top";
  lines.forEach((line, at) => pen.fillText(line, edge, height - tall + at * step));
}
