"""Deeds: each as it was sent, its digest true, its receipt signed by the installation, in the order of their clocks.

Basis     RFC 8785 (what is digested), RFC 8032 (what is signed)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from liandong.oversight.records.proof.case import Case, Doc, equal
from liandong.oversight.records.proof.findings import Finding, show, text
from liandong.oversight.records.proof.form import DEEDS, MANIFEST
from liandong.oversight.records.proof.instants import micros
from liandong.oversight.records.proof.manifest import is_seal
from liandong.oversight.records.proof.plain_json import canonical, digest


def check_deeds(case: Case) -> Iterator[Finding]:
    """Digests, forerunners and order."""
    deeds = case.under(DEEDS)
    done = {text(doc.get("deed", "id")) for doc in case.deeds()}
    for doc in deeds:
        actual, claimed = deed_digest(doc), doc.get("deed", "digest")
        if actual != claimed:
            yield Finding("deed.digest", f"{doc.path}#/deed", show(claimed), actual)
        needs = doc.get("deed", "needs")
        if doc.get("receipt", "outcome") == "accepted" and isinstance(needs, list):
            for need in needs:
                if text(need) not in done:
                    yield Finding("deed.forerunner_missing", doc.path, show(need), None, (DEEDS,))
    for earlier, later in pairwise(deeds):
        if _place(earlier) > _place(later):
            yield Finding("deed.order", later.path, None, None, (earlier.path,))


def deed_digest(doc: Doc) -> str:
    """The SHA-256 over the deed as it was sent, without its `digest`."""
    said = doc.get("deed")
    return digest({name: value for name, value in said.items() if name != "digest"} if isinstance(said, dict) else said)


def _place(doc: Doc) -> tuple[int, str, str]:
    instant = micros(doc.get("sent", "happened_at"))
    return (instant or 0, text(doc.get("deed", "id")), text(doc.get("deed", "digest")))


def check_receipts(case: Case, public_key: str) -> Iterator[Finding]:
    """Every deed has its receipt, the receipt speaks of this deed, and the installation signed it."""
    deeds = case.under(DEEDS)
    unsigned = [doc for doc in deeds if not _is_signed(doc, public_key)]
    if len(deeds) > 1 and len(unsigned) == len(deeds):
        yield Finding("receipt.other_key", f"{MANIFEST}#/public_key", None, public_key, (DEEDS,))
        unsigned = []
    for doc in unsigned:
        yield Finding("receipt.untrue", f"{doc.path}#/receipt")
    for doc in deeds:
        for name, expected in (("deed_id", doc.get("deed", "id")), ("digest", deed_digest(doc))):
            if not equal(doc.get("receipt", name), expected):
                where = f"{doc.path}#/receipt/{name}"
                yield Finding("receipt.other_deed", where, show(expected), show(doc.get("receipt", name)))


def _is_signed(doc: Doc, public_key: str) -> bool:
    receipt = doc.get("receipt")
    if not isinstance(receipt, dict):
        return False
    said = {name: value for name, value in receipt.items() if name != "signature"}
    return is_seal(public_key, receipt.get("signature"), canonical(said))
