/** 勘察示意图: strokes and stamps on a sheet, kept as they were drawn and painted the same way every time. */
export type Point = [x: number, y: number];
export interface Drawing { width: number; height: number; strokes: number[][]; stamps: [number, number, string][] }
/** Strokes and stamps in the order they were put, so that the last one can be taken back. */
export interface Sheet extends Drawing { order: ("stroke" | "stamp")[] }

export const blankSheet = (width: number, height: number): Sheet => ({ width, height, strokes: [], stamps: [], order: [] });

const NEAREST_PX = 2;
/** A finger stroke of more points than this is cut into several: the server takes no longer ones. */
export const MOST_POINTS = 2000;

/** A stroke begins. Positions are whole pixels of the sheet. */
export function begin(sheet: Sheet, [x, y]: Point): void {
  sheet.strokes.push([Math.round(x), Math.round(y)]);
  sheet.order.push("stroke");
}

/** The stroke goes on to here; hardly moved is not moved. */
export function follow(sheet: Sheet, [x, y]: Point): void {
  const stroke = sheet.strokes.at(-1);
  if (!stroke) return;
  const [lastX, lastY] = [stroke.at(-2)!, stroke.at(-1)!];
  if (Math.hypot(x - lastX, y - lastY) < NEAREST_PX) return;
  if (stroke.length >= 2 * MOST_POINTS) begin(sheet, [lastX, lastY]);
  sheet.strokes.at(-1)!.push(Math.round(x), Math.round(y));
}

export function stamp(sheet: Sheet, [x, y]: Point, key: string): void {
  sheet.stamps.push([Math.round(x), Math.round(y), key]);
  sheet.order.push("stamp");
}

/** What was put last is gone. */
export function undo(sheet: Sheet): void {
  const last = sheet.order.pop();
  if (last === "stroke") sheet.strokes.pop();
  else if (last === "stamp") sheet.stamps.pop();
}

export const isBlank = (sheet: Sheet): boolean => sheet.order.length === 0;
export const drawingOf = ({ width, height, strokes, stamps }: Sheet): Drawing => ({ width, height, strokes, stamps });

const NORTH = "north";

/** The sheet, painted: white paper, strokes in ink, each stamp as its mark with its word. `word` gives the word of a stamp. */
export function paint(pen: CanvasRenderingContext2D, drawing: Drawing, word: (key: string) => string, base?: (pen: CanvasRenderingContext2D) => void): void {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, drawing.width, drawing.height);
  base?.(pen);
  pen.strokeStyle = "#0b1f5c";
  pen.lineWidth = 2.5;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of drawing.strokes) {
    pen.beginPath();
    pen.moveTo(stroke[0]!, stroke[1]!);
    for (let at = 2; at < stroke.length; at += 2) pen.lineTo(stroke[at]!, stroke[at + 1]!);
    if (stroke.length === 2) pen.lineTo(stroke[0]! + 0.1, stroke[1]!);
    pen.stroke();
  }
  for (const [x, y, key] of drawing.stamps) paintStamp(pen, x, y, key, word(key));
}

function paintStamp(pen: CanvasRenderingContext2D, x: number, y: number, key: string, word: string): void {
  pen.fillStyle = pen.strokeStyle = key === NORTH ? "#111" : "#b3261e";
  pen.font = '600 14px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif';
  pen.textBaseline = "middle";
  pen.textAlign = key === NORTH ? "center" : "left";
  pen.beginPath();
  if (key === NORTH) {
    pen.moveTo(x, y - 22);
    pen.lineTo(x - 8, y + 8);
    pen.lineTo(x, y + 1);
    pen.lineTo(x + 8, y + 8);
    pen.closePath();
    pen.fill();
    pen.fillText("N", x, y + 18);
    return;
  }
  pen.arc(x, y, 6, 0, 2 * Math.PI);
  pen.fill();
  pen.fillText(word, x + 10, y);
}
