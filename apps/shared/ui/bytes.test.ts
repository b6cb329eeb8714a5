import { expect, it } from "vitest";
import { sizeText } from "./bytes";

it("never says nothing of something", () => {
  expect([0, 1, 999, 1000, 40_400, 999_400, 1_000_000, 3_140_000].map(sizeText)).toEqual(["0 B", "1 B", "999 B", "1 KB", "40 KB", "999 KB", "1.0 MB", "3.1 MB"]);
});
