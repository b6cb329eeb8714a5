"""The ledger's stretch: each fact's digest recomputed, the chain walked from before the first to after the last.

The chain is linear: value n is SHA-256 over `value n-1 : seq n : digest n`. Between two facts of the record lie facts
of others; of these only the digests are here (`ledger/links.txt`), which is what the chain needs and tells nothing of
them. So the order is proved, and that nothing was put in or taken out between the first fact and the last.
What a chain cannot prove is that none of the facts in between speaks of this visit: for that the installation signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from liandong.oversight.records.proof.case import Case, Doc
from liandong.oversight.records.proof.findings import Finding, show, text
from liandong.oversight.records.proof.form import FACTS, LINKS, MANIFEST
from liandong.oversight.records.proof.manifest import LedgerSpan
from liandong.oversight.records.proof.plain_json import digest


def fact_path(seq: int) -> str:
    """The entry of fact `seq`."""
    return f"{FACTS}{seq:012d}.json"


def fact_digest(doc: Doc) -> str:
    """The SHA-256 of all that a fact says; its payload goes in as a digest of its own."""
    said = doc.get("said")
    return digest({**(said if isinstance(said, dict) else {}), "payload": digest(doc.get("payload"))})


def next_chain(chain: str, seq: int, digest_hex: str) -> str:
    """The chain value of fact `seq`, from the value before it and its digest."""
    return hashlib.sha256(f"{chain}:{seq}:{digest_hex}".encode()).hexdigest()


def check_facts_digests(case: Case) -> Iterator[Finding]:
    """Every fact says what its digest says, and stands under its own number."""
    for doc in case.under(FACTS):
        actual, claimed = fact_digest(doc), doc.get("digest")
        if actual != claimed:
            yield Finding("fact.digest", doc.path, show(claimed), actual)
        seq = doc.get("seq")
        if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1 or doc.path != fact_path(seq):
            yield Finding("fact.number", f"{doc.path}#/seq", None, show(seq))


def check_chain(case: Case, span: LedgerSpan | None) -> Iterator[Finding]:
    """The chain holds from `chain_before` to `chain_after`, without a gap and with nothing besides."""
    facts = {doc.path: doc for doc in case.under(FACTS)}
    if span is None:
        for path in facts:
            yield Finding("chain.outside", path)
        return
    chain, everything = span.chain_before, (FACTS, LINKS)
    for seq in range(span.from_seq, span.to_seq + 1):
        path = fact_path(seq)
        doc, link = facts.pop(path, None), case.links.get(seq)
        if (doc is None) == (link is None):
            code = "chain.gap" if doc is None else "chain.twice"
            yield Finding(code, path, None, None, everything)
            if doc is None:
                return
        stated = doc.get("digest") if doc is not None else link
        chain = next_chain(chain, seq, text(stated))
        if doc is not None and doc.get("chain") != chain:
            yield Finding("chain.broken", path, chain, show(doc.get("chain")), everything)
            chain = text(doc.get("chain"))
    for path in facts:
        yield Finding("chain.outside", path)
    outside = [seq for seq in case.links if not span.from_seq < seq < span.to_seq]
    if outside:
        yield Finding("chain.link_outside", LINKS, None, str(outside[0]))
    if chain != span.chain_after:
        yield Finding("chain.end", f"{MANIFEST}#/ledger/chain_after", chain, span.chain_after, everything)
