import { expect, it } from "vitest";
import { cornersText, polygonOf, readCorners, readPlace, useCorners, type Corner } from "./corners";

const A: Corner = [117, 36], B: Corner = [117.1, 36], C: Corner = [117.1, 36.1], D: Corner = [117, 36.1];

it("is drawn corner by corner, closed, changed and undone step by step", () => {
  const pen = useCorners();
  expect([pen.canUndo.value, pen.canClose.value]).toEqual([false, false]);
  for (const corner of [A, B, C]) pen.add(corner);
  pen.close();
  expect(pen.isClosed.value).toBe(true);
  pen.add(D);
  expect(pen.corners.value).toEqual([A, B, C]); // what is closed grows only by insert
  pen.insert(3, D);
  pen.move(0, [116.9, 36]);
  pen.remove(1);
  expect(pen.corners.value).toEqual([[116.9, 36], C, D]);
  for (const before of [[[116.9, 36], B, C, D], [A, B, C, D], [A, B, C]]) {
    pen.undo();
    expect(pen.corners.value).toEqual(before);
  }
  pen.undo();
  expect(pen.isClosed.value).toBe(false);
  for (let step = 0; step < 5; step += 1) pen.undo();
  expect([pen.corners.value, pen.canUndo.value]).toEqual([[], false]);
});

it("takes a drag back as one step", () => {
  const pen = useCorners();
  pen.replace([A, B, C]);
  pen.drag(0, [116.99, 36]);
  pen.drag(0, [116.98, 36]);
  pen.move(0, [116.97, 36]);
  expect(pen.corners.value[0]).toEqual([116.97, 36]);
  pen.undo();
  expect(pen.corners.value).toEqual([A, B, C]);
});

it("is open again when too few corners are left", () => {
  const pen = useCorners();
  pen.replace([A, B, C]);
  pen.remove(0);
  expect([pen.isClosed.value, polygonOf(pen.corners.value)]).toEqual([false, null]);
});

it("reads what is typed as it is written, and says which line cannot be read", () => {
  expect(readCorners(cornersText([A, B, C]))).toEqual({ corners: [A, B, C] });
  expect(readCorners("117.0，36\n\n 117.1 36 ")).toEqual({ corners: [A, B] });
  expect(readCorners("117, 36\n示例")).toEqual({ wrongLine: 2 });
  for (const wrong of ["", "117", "117, 36, 5", "181, 36", "117, 91", "117; 36"]) expect(readPlace(wrong), wrong).toBeNull();
});

it("is a ring that ends where it begins", () => {
  expect(polygonOf([A, B, C])!.coordinates).toEqual([[A, B, C, A]]);
});
