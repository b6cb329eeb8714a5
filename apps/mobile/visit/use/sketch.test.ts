import { expect, it } from "vitest";
import { begin, blankSheet, drawingOf, follow, isBlank, MOST_POINTS, stamp, undo } from "./sketch";

it("keeps strokes and stamps as whole pixels, in the order they were put", () => {
  const sheet = blankSheet(320, 400);
  begin(sheet, [1.2, 2.7]);
  follow(sheet, [10.4, 20.6]);
  stamp(sheet, [30.5, 40.4], "outlet");
  expect(drawingOf(sheet)).toEqual({ width: 320, height: 400, strokes: [[1, 3, 10, 21]], stamps: [[31, 40, "outlet"]] });
});

it("takes back what was put last, stroke or stamp, down to the blank sheet and no further", () => {
  const sheet = blankSheet(320, 400);
  begin(sheet, [1, 1]);
  stamp(sheet, [5, 5], "gate");
  begin(sheet, [9, 9]);
  undo(sheet);
  expect([sheet.strokes.length, sheet.stamps.length]).toEqual([1, 1]);
  undo(sheet);
  expect([sheet.strokes.length, sheet.stamps.length]).toEqual([1, 0]);
  undo(sheet);
  undo(sheet);
  expect(isBlank(sheet)).toBe(true);
});

it("does not fill the record with a finger that trembles, nor sends a stroke that is too long", () => {
  const sheet = blankSheet(320, 400);
  begin(sheet, [0, 0]);
  for (let at = 0; at < 50; at += 1) follow(sheet, [at % 2, 0]);
  expect(sheet.strokes).toEqual([[0, 0]]);
  for (let at = 0; at < MOST_POINTS + 10; at += 1) follow(sheet, [at * 3, 0]);
  expect(sheet.strokes.length).toBe(2);
  expect(Math.max(...sheet.strokes.map((stroke) => stroke.length))).toBeLessThanOrEqual(2 * MOST_POINTS);
});
