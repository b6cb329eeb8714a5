const SIZE = 24;

/** Slanted strokes that repeat without a seam: what must not be flown over is told by its pattern, not by its colour alone. */
export function hatch(colour: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.lineWidth = 3;
  for (const shift of [-SIZE, 0, SIZE]) {
    pen.beginPath();
    pen.moveTo(shift - 2, SIZE + 2);
    pen.lineTo(shift + SIZE + 2, -2);
    pen.stroke();
  }
  return pen.getImageData(0, 0, SIZE, SIZE);
}
