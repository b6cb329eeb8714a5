/** The ledger's stretch: each fact's digest recomputed, the chain walked from before the first to after the last. */
import type { Case, Doc } from "./case";
import { finding, show, text, type Finding } from "./findings";
import { FACTS, LINKS, MANIFEST } from "./form";
import type { LedgerSpan } from "./manifest";
import { digest, isObject, sha256, utf8 } from "./plainJson";

export const factPath = (seq: number): string => `${FACTS}${String(seq).padStart(12, "0")}.json`;

/** The SHA-256 of all that a fact says; its payload goes in as a digest of its own. */
export function factDigest(doc: Doc): string {
  const said = doc.get("said");
  return digest({ ...(isObject(said) ? said : {}), payload: digest(doc.get("payload")) });
}

/** The chain value of fact `seq`: SHA-256 over the value before it, its number and its digest. */
export const nextChain = (chain: string, seq: number, factDigestHex: string): string => sha256(utf8(`${chain}:${seq}:${factDigestHex}`));

/** Every fact says what its digest says, and stands under its own number. */
export function checkFactDigests(record: Case): Finding[] {
  return record.under(FACTS).flatMap((doc) => {
    const [actual, claimed, seq] = [factDigest(doc), doc.get("digest"), doc.get("seq")];
    const found = actual === claimed ? [] : [finding("fact.digest", doc.path, show(claimed), actual)];
    const isNumber = Number.isSafeInteger(seq) && (seq as number) >= 1;
    if (!isNumber || doc.path !== factPath(seq as number)) found.push(finding("fact.number", `${doc.path}#/seq`, null, show(seq)));
    return found;
  });
}

/** The chain holds from `chain_before` to `chain_after`, without a gap and with nothing besides. */
export function checkChain(record: Case, span: LedgerSpan | null): Finding[] {
  const facts = new Map(record.under(FACTS).map((doc) => [doc.path, doc]));
  const outside = (): Finding[] => [...facts.keys()].map((path) => finding("chain.outside", path));
  if (span === null) return outside();
  const found: Finding[] = [];
  const everything = [FACTS, LINKS];
  let chain = span.chain_before;
  for (let seq = span.from_seq; seq <= span.to_seq; seq += 1) {
    const path = factPath(seq);
    const [doc, link] = [facts.get(path), record.links.get(seq)];
    facts.delete(path);
    if ((doc === undefined) === (link === undefined)) {
      found.push(finding(doc === undefined ? "chain.gap" : "chain.twice", path, null, null, everything));
      if (doc === undefined) return found;
    }
    chain = nextChain(chain, seq, doc === undefined ? link! : text(doc.get("digest")));
    if (doc !== undefined && doc.get("chain") !== chain) {
      found.push(finding("chain.broken", path, chain, show(doc.get("chain")), everything));
      chain = text(doc.get("chain"));
    }
  }
  found.push(...outside());
  const strange = [...record.links.keys()].find((seq) => !(span.from_seq < seq && seq < span.to_seq));
  if (strange !== undefined) found.push(finding("chain.link_outside", LINKS, null, String(strange)));
  if (chain !== span.chain_after) found.push(finding("chain.end", `${MANIFEST}#/ledger/chain_after`, chain, span.chain_after, everything));
  return found;
}
