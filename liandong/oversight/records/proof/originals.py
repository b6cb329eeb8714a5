"""Originals: every photo and drawn signature is there under its own digest, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

from liandong.oversight.records.proof.case import Case
from liandong.oversight.records.proof.entries import Contents
from liandong.oversight.records.proof.findings import Finding, text
from liandong.oversight.records.proof.form import ORIGINALS, PHOTOS, SIGNATURES
from liandong.oversight.records.proof.plain_json import sha256


def check_originals(case: Case, contents: Contents) -> Iterator[Finding]:
    """Every difference between the originals and the rows that name them."""
    kept = {}
    for path in sorted(contents):
        if path.startswith(ORIGINALS):
            claimed = path[len(ORIGINALS) :].partition(".")[0]
            actual, kept[claimed] = sha256(contents[path]), path
            if actual != claimed:
                yield Finding("original.altered", path, claimed, actual)
    named = set()
    for row in (*case.under(PHOTOS), *case.under(SIGNATURES)):
        digest = row.get("sha256")
        if digest is None:
            continue
        named.add(text(digest))
        if text(digest) not in kept:
            yield Finding("original.missing", f"{row.path}#/sha256", text(digest), None, (ORIGINALS,))
    for digest, path in kept.items():
        if digest not in named:
            yield Finding("original.unnamed", path, None, None, (PHOTOS, SIGNATURES))
