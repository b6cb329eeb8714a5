// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clean, digestOfBytes, digestOfDeed } from "./digest";
import type { Json } from "./shapes";

interface Vector { name: string; deed: { [name: string]: Json }; digest: string }

/** The same file is read by tests/wires/phone/test_vectors.py: phone and server must agree on every one. */
const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/wires/phone/vectors.json", import.meta.url), "utf-8"),
) as Vector[];

describe("the digest of a deed", () => {
  it.each(vectors)("agrees with the server: $name", async ({ deed, digest }) => {
    expect(await digestOfDeed(deed)).toBe(digest);
    expect(await digestOfDeed({ ...deed, digest: "not part of it" })).toBe(digest);
  });

  it("changes with every value", async () => {
    const digests = await Promise.all(vectors.map(({ deed }) => digestOfDeed({ ...deed, task_id: "另一个任务" })));
    expect(digests.some((digest, at) => digest === vectors[at]!.digest)).toBe(false);
  });

  it("is the same after the deed has been through JSON", async () => {
    for (const { deed, digest } of vectors) expect(await digestOfDeed(JSON.parse(JSON.stringify(deed)))).toBe(digest);
  });
});

describe("cleaning", () => {
  it("leaves out what is not known", () => {
    expect(clean({ lon: undefined, note: null, list: [1] })).toEqual({ note: null, list: [1] });
  });

  it("mends text that canonical JSON or the database cannot hold", () => {
    expect(clean({ note: "半个表情\uD83D，整个😀，空\u0000字符" })).toEqual({ note: "半个表情\uFFFD，整个😀，空字符" });
  });
});

it("digests bytes as everybody does", async () => {
  expect(await digestOfBytes(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
