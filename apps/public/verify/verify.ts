/**
 * A sealed record is checked: bytes in, report out. No server, no network.
 *
 * The second implementation of the rules in liandong/oversight/records/proof; the tests hold both to one answer.
 */
import { checkBonds } from "./bonds";
import { readCase, type Case } from "./case";
import { checkChain, checkFactDigests } from "./chain";
import { checkDeeds, checkReceipts } from "./deeds";
import { checkEntries, checkNames, type Contents } from "./entries";
import { checkFacts } from "./facts";
import { ARCHIVE, entryOf, finding, Report, show, withoutConsequences, type Check, type Finding } from "./findings";
import { DEEDS, FACTS, FORMAT, INSPECTION, LARGEST_ARCHIVE, MANIFEST, ORIGINALS, SIGNATURE, UNLISTED, VERSION } from "./form";
import { checkSignature, readManifest, type Manifest } from "./manifest";
import { checkOriginals } from "./originals";
import { NotPlain, sha256, type Bytes } from "./plainJson";
import { checkRows } from "./rows";
import { checkSite } from "./site";
import { checkTimes } from "./times";
import { believe, match, type Held, type Known } from "./zipMatch";
import { readBackward, readForward, Source, type Reading } from "./zipRead";

/** Everything that is wrong with a sealed record; nothing if it holds. `pinnedKey`: the public key as known from elsewhere. */
export function verify(content: Bytes, pinnedKey: string | null = null): Report {
  const data = new Source(content);
  if (data.size > LARGEST_ARCHIVE) return tooLarge(data.size);
  const [forward, backward] = [readForward(data), readBackward(data)];
  const [manifest, reason] = findManifest(data, forward, backward);
  const known = knownBy(manifest);
  const held = believe(data, forward, backward, known);
  const names = held.map((one) => one.entry.name);
  const around = [...checkNames(names), ...compressed(forward, backward)];
  if (![...names, forward.stoppedIn].some((name) => name !== null && UNLISTED.includes(name))) {
    return noRecord([...around, finding("archive.no_record", ARCHIVE)]);
  }
  around.push(...bytesBetween(data, held, forward, backward, manifest, known));
  const contents = new Map<string, Bytes>();
  for (const { entry } of held) if (!contents.has(entry.name)) contents.set(entry.name, data.slice(entry.start, entry.end));
  return report({ names, contents, manifest, reason }, around, pinnedKey);
}

/** The report on a file that is not read because of its size. */
export const tooLarge = (size: number): Report => noRecord([finding("archive.too_large", ARCHIVE, String(LARGEST_ARCHIVE), String(size))]);

function noRecord(findings: Finding[]): Report {
  const made = new Report();
  made.checks.push({ name: "archive", checked: 1, findings });
  return made;
}

/** The first manifest that can be read, by either reading; or why there is none. */
function findManifest(data: Source, ...ways: (Reading | null)[]): [Manifest | null, string | null] {
  let reason: string | null = null;
  for (const one of ways.flatMap((way) => way?.entries ?? [])) {
    if (one.name !== MANIFEST) continue;
    try {
      return [readManifest(data.slice(one.start, one.end)), null];
    } catch (error) {
      if (!(error instanceof NotPlain)) throw error;
      reason = error.reason;
    }
  }
  return [null, reason];
}

function knownBy(manifest: Manifest | null): Known {
  const listed = new Map(manifest?.files.map((one) => [one.path, one.sha256]));
  return (name, content) => UNLISTED.includes(name) || (listed.has(name) ? sha256(content) === listed.get(name) : null);
}

function compressed(...ways: (Reading | null)[]): Finding[] {
  const names = new Set(ways.map((way) => way?.compressed ?? null).filter((name) => name !== null && name !== ""));
  return [...names].map((name) => finding("archive.compressed", name!));
}

/** What is wrong around the content; of an archive that breaks off, only where it does. */
function bytesBetween(
  data: Source, held: Held[], forward: Reading, backward: Reading | null, manifest: Manifest | null, known: Known,
): Finding[] {
  if (backward === null && !forward.isWhole) {
    const names = new Set(held.map((one) => one.entry.name));
    const all = manifest === null ? [] : [...UNLISTED, ...manifest.files.map((one) => one.path)];
    const due = manifest === null ? (forward.stoppedIn || ARCHIVE) : all.find((name) => !names.has(name));
    if (due !== undefined) return [finding("archive.truncated", due, null, String(data.size))];
  }
  return match(data, held, known);
}

interface Opened {
  names: readonly string[];
  contents: Contents;
  manifest: Manifest | null;
  reason: string | null;
}

function report(opened: Opened, around: Finding[], pinnedKey: string | null): Report {
  const { names, contents, manifest } = opened;
  const made = new Report();
  made.format = `${FORMAT}/${VERSION}`;
  made.checks.push({ name: "archive", checked: names.length, findings: around });
  if (manifest === null || !contents.has(MANIFEST)) {
    const missing = UNLISTED.filter((name) => !contents.has(name)).map((name) => finding("file.missing", name));
    const findings = missing.length > 0 ? missing : [finding("manifest.unreadable", MANIFEST, null, opened.reason)];
    made.checks.push({ name: "manifest", checked: 1, findings });
    return made;
  }
  made.inspection = { id: manifest.inspection.id, number: manifest.inspection.number };
  made.publicKey = manifest.public_key;
  const signature = checkSignature(manifest, contents.get(MANIFEST)!, contents.get(SIGNATURE));
  const entries = checkEntries(names, contents, manifest.files);
  const isProved = contents.has(SIGNATURE) && signature.findings.length === 0;
  const altered = new Set(isProved ? entries.filter((one) => one.code !== "file.moved").map(entryOf) : []);
  made.checks.push({ name: "manifest", checked: 1, findings: [] }, signature, ...checkKey(made, manifest, pinnedKey));
  made.checks.push({ name: "files", checked: manifest.files.length, findings: entries });
  for (const check of inside(contents, manifest)) {
    made.checks.push({ ...check, findings: withoutConsequences(check.findings, altered) });
  }
  return made;
}

function checkKey(made: Report, manifest: Manifest, pinnedKey: string | null): Check[] {
  if (pinnedKey === null) return [];
  made.isPinned = true;
  const isIt = pinnedKey === manifest.public_key;
  const findings = isIt ? [] : [finding("key.other", `${MANIFEST}#/public_key`, pinnedKey, manifest.public_key)];
  return [{ name: "key", checked: 1, findings }];
}

function inside(contents: Contents, manifest: Manifest): Check[] {
  const record = readCase(contents);
  const [deeds, facts] = [record.under(DEEDS).length, record.under(FACTS).length];
  const check = (name: string, checked: number, findings: Finding[]): Check => ({ name, checked, findings });
  return [
    check("content", record.docs.size, [...record.findings, ...whose(record, manifest)]),
    check("deeds", deeds, checkDeeds(record)),
    check("receipts", deeds, checkReceipts(record, manifest.public_key)),
    check("facts", facts, checkFactDigests(record)),
    check("chain", facts + record.links.size, checkChain(record, manifest.ledger)),
    check("rows", record.under("record/").length, [...checkBonds(record), ...checkRows(record), ...checkSite(record)]),
    check("ledger", facts, checkFacts(record)),
    check("times", facts + deeds, checkTimes(record, manifest.made_at)),
    check("originals", [...contents.keys()].filter((path) => path.startsWith(ORIGINALS)).length, checkOriginals(record, contents)),
  ];
}

/** The manifest names the visit that is inside. */
function whose(record: Case, manifest: Manifest): Finding[] {
  const visit = record.one(INSPECTION);
  return (["id", "number"] as const)
    .filter((name) => visit.get(name) !== manifest.inspection[name])
    .map((name) => finding("manifest.other_visit", `${INSPECTION}#/${name}`, manifest.inspection[name], show(visit.get(name)), [INSPECTION]));
}
