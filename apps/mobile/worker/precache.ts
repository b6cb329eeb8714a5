/** A Vite plugin: builds the service worker as `sw.js` and tells it which files make up the app. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SCRIPT = "sw.js";
const MARK = "__PRECACHE__";
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export function precache(): Plugin {
  let folder = "";
  return {
    name: "liandong-precache",
    apply: "build",
    config: () => ({
      build: {
        rollupOptions: {
          input: { main: here("../index.html"), sw: here("./sw.ts") },
          output: { entryFileNames: (chunk: { name: string }) => (chunk.name === "sw" ? SCRIPT : "assets/[name]-[hash].js") },
        },
      },
    }),
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      const files = filesIn(folder).filter((file) => file !== SCRIPT && !file.endsWith(".map"));
      const script = readFileSync(join(folder, SCRIPT), "utf-8");
      if (!script.includes(MARK)) throw new Error(`${SCRIPT} has no place for the list of files`);
      const list = JSON.stringify({ version: versionOf(folder, files), files });
      writeFileSync(join(folder, SCRIPT), `const ${MARK}=${list};\n${script}`);
    },
  };
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")).sort();
}

/** Changes with any byte of any file. */
function versionOf(folder: string, files: string[]): string {
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(folder, file)));
  return digest.digest("hex").slice(0, 16);
}
