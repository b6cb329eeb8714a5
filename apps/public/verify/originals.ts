/** Originals: every photo and drawn signature is there under its own digest, and nothing else is. */
import type { Case } from "./case";
import type { Contents } from "./entries";
import { finding, text, type Finding } from "./findings";
import { ORIGINALS, PHOTOS, SIGNATURES } from "./form";
import { sha256 } from "./plainJson";

/** Every difference between the originals and the rows that name them. */
export function checkOriginals(record: Case, contents: Contents): Finding[] {
  const found: Finding[] = [];
  const kept = new Map<string, string>();
  for (const path of [...contents.keys()].filter((name) => name.startsWith(ORIGINALS)).sort()) {
    const claimed = path.slice(ORIGINALS.length).split(".", 1)[0]!;
    const actual = sha256(contents.get(path)!);
    kept.set(claimed, path);
    if (actual !== claimed) found.push(finding("original.altered", path, claimed, actual));
  }
  const named = new Set<string>();
  for (const row of [...record.under(PHOTOS), ...record.under(SIGNATURES)]) {
    if (row.get("sha256") === null) continue;
    const digest = text(row.get("sha256"));
    named.add(digest);
    if (!kept.has(digest)) found.push(finding("original.missing", `${row.path}#/sha256`, digest, null, [ORIGINALS]));
  }
  for (const [digest, path] of kept) {
    if (!named.has(digest)) found.push(finding("original.unnamed", path, null, null, [PHOTOS, SIGNATURES]));
  }
  return found;
}
