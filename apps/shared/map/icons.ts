import type { Map } from "maplibre-gl";
import { COLOURS } from "../ui/marks";

type Draw = (canvas: CanvasRenderingContext2D, size: number) => void;

const SIZE = 44;

function polygon(canvas: CanvasRenderingContext2D, points: [number, number][]): void {
  canvas.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? canvas.moveTo(x, y) : canvas.lineTo(x, y)));
  canvas.closePath();
  canvas.fill();
  canvas.stroke();
}

function sign(canvas: CanvasRenderingContext2D, text: string, y: number, colour = "#fff"): void {
  canvas.fillStyle = colour;
  canvas.font = `bold ${SIZE * 0.42}px sans-serif`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.fillText(text, SIZE / 2, y);
}

const diamond = (colour: string, inner: string): Draw => (canvas, size) => {
  canvas.fillStyle = colour;
  polygon(canvas, [[size / 2, 4], [size - 4, size / 2], [size / 2, size - 4], [4, size / 2]]);
  sign(canvas, inner, size / 2 + 1);
};

const triangle = (colour: string, inner: string): Draw => (canvas, size) => {
  canvas.fillStyle = colour;
  polygon(canvas, [[size / 2, 4], [size - 3, size - 6], [3, size - 6]]);
  sign(canvas, inner, size * 0.64);
};

const disc = (fill: string, ring: string): Draw => (canvas, size) => {
  canvas.fillStyle = fill;
  canvas.strokeStyle = ring;
  canvas.beginPath();
  canvas.arc(size / 2, size / 2, size / 2 - 6, 0, Math.PI * 2);
  canvas.fill();
  canvas.stroke();
  canvas.fillStyle = ring;
  canvas.beginPath();
  canvas.arc(size / 2, size * 0.4, size * 0.11, 0, Math.PI * 2);
  canvas.fill();
  canvas.beginPath();
  canvas.arc(size / 2, size * 0.74, size * 0.19, Math.PI, 0);
  canvas.fill();
};

const square = (colour: string, inner: string): Draw => (canvas, size) => {
  canvas.fillStyle = colour;
  polygon(canvas, [[7, 7], [size - 7, 7], [size - 7, size - 7], [7, size - 7]]);
  sign(canvas, inner, size / 2 + 1);
};

/** Points up, which on the map is where it heads. */
const arrow = (fill: string, ring: string): Draw => (canvas, size) => {
  canvas.fillStyle = fill;
  canvas.strokeStyle = ring;
  polygon(canvas, [[size / 2, 3], [size - 7, size - 6], [size / 2, size * 0.68], [7, size - 6]]);
};
const hull = (fill: string, ring: string): Draw => (canvas, size) => {
  canvas.fillStyle = fill;
  canvas.strokeStyle = ring;
  polygon(canvas, [[size / 2, 3], [size * 0.72, size * 0.34], [size * 0.72, size - 6], [size * 0.28, size - 6], [size * 0.28, size * 0.34]]);
};
const car = (fill: string, ring: string): Draw => (canvas, size) => {
  canvas.fillStyle = fill;
  canvas.strokeStyle = ring;
  polygon(canvas, [[5, size * 0.72], [5, size * 0.5], [size * 0.28, size * 0.46], [size * 0.38, size * 0.26], [size * 0.7, size * 0.26], [size * 0.8, size * 0.46], [size - 5, size * 0.52], [size - 5, size * 0.72]]);
};
const FADED = ["rgba(20,30,45,.75)", "#b8c4d6"] as const;

/** One drawing a kind: the shape alone tells them apart. */
export const ICONS: Record<string, Draw> = {
  task: diamond(COLOURS.blue, ""),
  "task-on-site": diamond(COLOURS.sky, "●"),
  problem: triangle(COLOURS.orange, "!"),
  "problem-overdue": triangle(COLOURS.vermilion, "‼"),
  officer: disc(COLOURS.green, "#fff"),
  "officer-stale": disc("rgba(20,30,45,.75)", "#b8c4d6"),
  aircraft: arrow("#ffd166", "#1b2a3d"),
  "aircraft-stale": arrow(...FADED),
  vehicle: car(COLOURS.sky, "#fff"),
  "vehicle-stale": car(...FADED),
  boat: hull(COLOURS.sky, "#fff"),
  "boat-stale": hull(...FADED),
  clue: square(COLOURS.purple, "?"),
};

export function drawIcon(name: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d")!;
  pen.strokeStyle = "#fff";
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  ICONS[name]!(pen, SIZE);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

export function addIcons(map: Map): void {
  for (const name of Object.keys(ICONS)) map.addImage(name, drawIcon(name), { pixelRatio: 2 });
}
