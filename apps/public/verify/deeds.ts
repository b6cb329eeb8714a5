/** Deeds: each as it was sent, its digest true, its receipt signed by the installation, in the order of their clocks. */
import { equal, type Case, type Doc } from "./case";
import { finding, show, text, type Finding } from "./findings";
import { DEEDS, MANIFEST } from "./form";
import { micros } from "./instants";
import { isSeal } from "./manifest";
import { canonical, digest, isObject, utf8, type Json } from "./plainJson";

const without = (said: { [name: string]: Json }, left: string): { [name: string]: Json } =>
  Object.fromEntries(Object.entries(said).filter(([name]) => name !== left));

/** Digests, forerunners and order. */
export function checkDeeds(record: Case): Finding[] {
  const deeds = record.under(DEEDS);
  const done = new Set(record.deeds().map((doc) => text(doc.get("deed", "id"))));
  const found: Finding[] = [];
  for (const doc of deeds) {
    const [actual, claimed] = [deedDigest(doc), doc.get("deed", "digest")];
    if (actual !== claimed) found.push(finding("deed.digest", `${doc.path}#/deed`, show(claimed), actual));
    const needs = doc.get("deed", "needs");
    if (doc.get("receipt", "outcome") === "accepted" && Array.isArray(needs)) {
      for (const need of needs) {
        if (!done.has(text(need))) found.push(finding("deed.forerunner_missing", doc.path, show(need), null, [DEEDS]));
      }
    }
  }
  deeds.slice(1).forEach((later, place) => {
    if (isAfter(deeds[place]!, later)) found.push(finding("deed.order", later.path, null, null, [deeds[place]!.path]));
  });
  return found;
}

/** The SHA-256 over the deed as it was sent, without its `digest`. */
export function deedDigest(doc: Doc): string {
  const said = doc.get("deed");
  return digest(isObject(said) ? without(said, "digest") : said);
}

function isAfter(one: Doc, other: Doc): boolean {
  const [first, second] = [one, other].map((doc) => micros(doc.get("sent", "happened_at")) ?? 0n) as [bigint, bigint];
  if (first !== second) return first > second;
  for (const name of ["id", "digest"]) {
    const [mine, theirs] = [text(one.get("deed", name)), text(other.get("deed", name))];
    if (mine !== theirs) return mine > theirs;
  }
  return false;
}

/** Every deed has its receipt, the receipt speaks of this deed, and the installation signed it. */
export function checkReceipts(record: Case, publicKey: string): Finding[] {
  const deeds = record.under(DEEDS);
  const found: Finding[] = [];
  let unsigned = deeds.filter((doc) => !isSigned(doc, publicKey));
  if (deeds.length > 1 && unsigned.length === deeds.length) {
    found.push(finding("receipt.other_key", `${MANIFEST}#/public_key`, null, publicKey, [DEEDS]));
    unsigned = [];
  }
  found.push(...unsigned.map((doc) => finding("receipt.untrue", `${doc.path}#/receipt`)));
  for (const doc of deeds) {
    for (const [name, expected] of [["deed_id", doc.get("deed", "id")], ["digest", deedDigest(doc)]] as [string, Json][]) {
      const got = doc.get("receipt", name);
      if (!equal(got, expected)) found.push(finding("receipt.other_deed", `${doc.path}#/receipt/${name}`, show(expected), show(got)));
    }
  }
  return found;
}

function isSigned(doc: Doc, publicKey: string): boolean {
  const receipt = doc.get("receipt");
  if (!isObject(receipt)) return false;
  return isSeal(publicKey, receipt["signature"] ?? null, utf8(canonical(without(receipt, "signature"))));
}
