import { describe, expect, it } from "vitest";
import captured from "../../../tests/means/tracks/frames.json";
import { readFrame } from "./frames";

const bytes = (hex: string): ArrayBuffer => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer;

describe("a frame of the server", () => {
  it.each(captured)("says the same here: $name", ({ hex, says }) => {
    expect(readFrame(bytes(hex))).toEqual(says);
  });

  it("that is cut short, longer than it says, or of another version is left alone", () => {
    for (const { hex } of captured) {
      for (let cut = 0; cut < hex.length; cut += 2) expect(readFrame(bytes(hex.slice(0, cut)))).toBeNull();
      expect(readFrame(bytes(`${hex}00`))).toBeNull();
      expect(readFrame(bytes(`01${hex.slice(2)}`))).toBeNull();
    }
  });
});
