/** The entries of a record against its manifest: each there, once, unaltered, in its place, and no other. */
import { finding, type Finding } from "./findings";
import { isName, UNLISTED } from "./form";
import type { Listed } from "./manifest";
import { sha256, type Bytes } from "./plainJson";

export type Contents = ReadonlyMap<string, Bytes>;

/** Names that no entry of a record can have, and names that come twice. */
export function checkNames(names: readonly string[]): Finding[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const found = isName(name) ? [] : [finding("archive.unsafe_name", name)];
    if (seen.has(name)) found.push(finding("file.duplicate", name));
    seen.add(name);
    return found;
  });
}

/** Every difference between what is there and what the manifest lists, in the order of the manifest. */
export function checkEntries(names: readonly string[], contents: Contents, listed: readonly Listed[]): Finding[] {
  const expected = new Map(listed.map((one) => [one.path, one]));
  const all = [...UNLISTED, ...expected.keys()];
  const known = new Set(all);
  const lost = all.filter((name) => !contents.has(name));
  const strange = [...contents.keys()].filter((name) => !known.has(name));
  const renamed = findRenamed(lost, strange, contents, expected);
  const found: Finding[] = [];
  for (const [path, one] of expected) {
    const content = contents.get(path);
    if (content === undefined) continue;
    const actual = sha256(content);
    if (actual !== one.sha256) found.push(finding("file.altered", path, one.sha256, actual));
  }
  for (const name of lost) {
    const now = renamed.get(name);
    found.push(now === undefined ? finding("file.missing", name) : finding("file.renamed", name, name, now));
  }
  const taken = new Set(renamed.values());
  found.push(...strange.filter((name) => !taken.has(name)).map((name) => finding("file.added", name)));
  const here = [...new Set(names.filter((name) => known.has(name)))];
  const order = new Map(all.map((name, place) => [name, place]));
  const moved = outOfOrder(here.map((name) => order.get(name)!));
  return [...found, ...moved.map((place) => finding("file.moved", here[place]!))];
}

function findRenamed(lost: string[], strange: string[], contents: Contents, expected: ReadonlyMap<string, Listed>): Map<string, string> {
  const found = new Map<string, string>();
  for (const now of strange) {
    const digest = sha256(contents.get(now)!);
    const before = lost.find((name) => !found.has(name) && expected.get(name)?.sha256 === digest);
    if (before !== undefined) found.set(before, now);
  }
  return found;
}

/** The fewest positions that must be moved so that the others ascend; none if all do. */
export function outOfOrder(places: readonly number[]): number[] {
  const tails: number[] = [];
  const ends: number[] = [];
  const before: number[] = [];
  places.forEach((place, position) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tails[middle]! < place) low = middle + 1;
      else high = middle;
    }
    before.push(low > 0 ? ends[low - 1]! : -1);
    tails[low] = place;
    ends[low] = position;
  });
  const kept = new Set<number>();
  for (let position = ends.at(-1) ?? -1; position >= 0; position = before[position]!) kept.add(position);
  return places.map((_, position) => position).filter((position) => !kept.has(position));
}
