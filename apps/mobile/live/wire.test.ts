import { expect, it } from "vitest";
import { packetOf } from "./wire";

it("puts the kind and the time before the bytes", () => {
  expect([...new Uint8Array(packetOf("still", 0x01020304, new Uint8Array([9, 8])))]).toEqual([4, 0, 0, 0, 1, 2, 3, 4, 9, 8]);
});
it("lets a clock of more than 49 days begin anew", () => {
  expect([...new Uint8Array(packetOf("frame", 2 ** 32 + 5, new Uint8Array([1])))]).toEqual([3, 0, 0, 0, 0, 0, 0, 5, 1]);
});
