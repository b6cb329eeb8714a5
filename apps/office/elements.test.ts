import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { ELEMENTS } from "./elements";

const here = dirname(import.meta.filename);

it("registers every Element Plus component that a page uses, and no other", () => {
  const used = new Set<string>();
  for (const file of readdirSync(here, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".vue"))) {
    for (const [, tag] of readFileSync(join(here, file), "utf8").matchAll(/<el-([a-z-]+)/g)) {
      used.add("El" + tag!.split("-").map((part) => part[0]!.toUpperCase() + part.slice(1)).join(""));
    }
  }
  expect(Object.keys(ELEMENTS).sort()).toEqual([...used].sort());
});
