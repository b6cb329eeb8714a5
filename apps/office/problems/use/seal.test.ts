import { expect, it } from "vitest";
import { digestOf } from "./seal";

it("hashes bytes as sha256sum does", async () => {
  const abc = new TextEncoder().encode("abc").buffer as ArrayBuffer;
  expect(await digestOf(abc)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
