"""The raw outbox of a phone as a file (`liandong.outbox/1`, written by apps/mobile/outbox/export.ts), read as far as it goes.

The file is one JSON text: `{format, exported_at, device_id, deeds, receipts, drafts, files}`; a deed's row holds the deed as it
was sealed, a file's row its bytes in base64. Where the text is broken, what stands whole on either side is still read:
the file may be all that is left of a visit.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liandong.kernel import canonical
from liandong.kernel.errors import Invalid
from liandong.wires.phone.frame import digest_of, true_digest

FORMAT = "liandong.outbox/1"
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[\s,]*")
_NEXT = re.compile(r"(?<=[\],}])\s*,?\s*(?=\{\")")
"""Where the next row may begin after one that cannot be read."""


@dataclass(frozen=True)
class KeptDeed:
    """A deed as it was sealed, whose it is, and how it stood on the phone."""

    raw: dict[str, Any]
    account_id: str
    state: str


@dataclass(frozen=True)
class KeptFile:
    """A file, whole: its bytes fit its digest."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Damage:
    """Something that does not stand as it was written: what, and a code that says why."""

    what: str
    code: str


@dataclass
class OutboxFile:
    """What a file holds. `let_go` are files whose bytes the phone no longer kept, because the server had signed for them."""

    exported_at: str | None = None
    device_id: str | None = None
    deeds: list[KeptDeed] = field(default_factory=list)
    files: dict[str, KeptFile] = field(default_factory=dict)
    let_go: set[str] = field(default_factory=set)
    damaged: list[Damage] = field(default_factory=list)
    receipts: int = 0


def read_outbox(data: bytes, key: Ed25519PublicKey) -> OutboxFile:
    """Everything of an outbox that is whole, and the name of everything that is not.

    Digests of deeds and files are computed anew; receipts are checked with the installation's key.

    Raises    deeds.not_an_outbox
    """
    text = data.decode("utf-8", errors="replace")  # a byte that is no text breaks the digest of what it is in
    head = re.match(r'\s*\{\s*"format"\s*:\s*"([^"]*)"', text)
    if head is None or head[1] != FORMAT:
        raise Invalid("deeds.not_an_outbox", format=FORMAT)
    found = OutboxFile()
    for name in ("exported_at", "device_id"):
        said = re.search(rf'"{name}"\s*:\s*"([^"]*)"', text[:1000])
        setattr(found, name, said[1] if said else None)
    for row in _rows(text, "deeds", found.damaged):
        _take_deed(found, row)
    for row in _rows(text, "receipts", found.damaged):
        _check_receipt(found, row, key)
    for row in _rows(text, "files", found.damaged):
        _take_file(found, row)
    return found


def _rows(text: str, name: str, damaged: list[Damage]) -> Iterator[dict[str, Any]]:
    """The rows of a list, one by one; over one that cannot be read it goes on with the next that can."""
    start = re.search(rf'"{name}"\s*:\s*\[', text)
    if start is None:
        damaged.append(Damage(name, "deeds.list_missing"))
        return
    place, is_broken = start.end(), False
    while True:
        place = _end(_BLANK, text, place)
        if text[place : place + 1] == "]":
            return
        try:
            row, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict) and _belongs(row, name):
            is_broken = False
            yield row
            continue
        if not is_broken:
            damaged.append(Damage(f"{name} @{place}", "deeds.row_unreadable"))
        is_broken = True
        following = _NEXT.search(text, place + 1)
        other = re.compile(r'\]\s*,\s*"(?:receipts|drafts|files)"\s*:\s*\[').search(text, place)
        if following is None or (other is not None and other.start() < following.end()):
            return
        place = following.end()


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


_SIGN_OF = {"deeds": "deed", "receipts": "receipt", "files": "sha256"}


def _belongs(row: dict[str, Any], name: str) -> bool:
    return _SIGN_OF[name] in row


def _take_deed(found: OutboxFile, row: dict[str, Any]) -> None:
    raw = row["deed"]
    what = f"{row.get('kind')} {row.get('id')}"
    try:
        is_whole = isinstance(raw, dict) and raw.get("id") == row.get("id") and true_digest(raw) == digest_of(raw)
    except (ValueError, OverflowError):  # a number that JSON does not carry exactly, half of a character
        is_whole = False
    if is_whole:
        found.deeds.append(KeptDeed(raw, str(row.get("account_id")), str(row.get("state"))))
    else:
        found.damaged.append(Damage(what, "deeds.digest_mismatch"))


def _check_receipt(found: OutboxFile, row: dict[str, Any], key: Ed25519PublicKey) -> None:
    found.receipts += 1
    receipt = row["receipt"] if isinstance(row["receipt"], dict) else {}
    try:
        said = canonical.canonical_bytes({name: value for name, value in receipt.items() if name != "signature"})
        key.verify(bytes.fromhex(str(receipt.get("signature"))), said)
    except (InvalidSignature, ValueError):
        found.damaged.append(Damage(f"receipt {row.get('deed_id')}", "deeds.signature_wrong"))


def _take_file(found: OutboxFile, row: dict[str, Any]) -> None:
    sha256, bytes64 = str(row["sha256"]), row.get("bytes")
    if bytes64 is None:
        found.let_go.add(sha256)
        return
    try:
        content = base64.b64decode(str(bytes64), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if hashlib.sha256(content).hexdigest() == sha256:
        found.files[sha256] = KeptFile(content, str(row.get("media_type")))
    else:
        found.damaged.append(Damage(f"file {sha256}", "evidence.digest_mismatch"))
