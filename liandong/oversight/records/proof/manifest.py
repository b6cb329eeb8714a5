"""The manifest: which entries a record has, in which order, of which digest; and the installation's signature over it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liandong.oversight.records.proof.findings import Check, Finding, show
from liandong.oversight.records.proof.form import FORMAT, MANIFEST, SIGNATURE, UNLISTED, VERSION, is_name
from liandong.oversight.records.proof.plain_json import NotPlain, read_json, sha256

ALGORITHM = "Ed25519"
DIGEST, KEY, SEAL = (re.compile(f"[0-9a-f]{{{size}}}") for size in (64, 64, 128))


@dataclass(frozen=True)
class Listed:
    """An entry as the manifest lists it."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class LedgerSpan:
    """The stretch of the ledger that a record shows, and where the whole ledger stood when it was made."""

    from_seq: int
    to_seq: int
    chain_before: str
    chain_after: str


@dataclass(frozen=True)
class Manifest:
    """What a record says of itself."""

    inspection: dict[str, str]
    made_at: str
    public_key: str
    files: tuple[Listed, ...]
    ledger: LedgerSpan | None


def is_seal(key: str, signature: Any, content: bytes) -> bool:
    """Whether `signature` (hex) is the Ed25519 signature of `content` by the public key (hex)."""
    if not isinstance(signature, str) or not SEAL.fullmatch(signature) or not KEY.fullmatch(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_manifest(content: bytes | memoryview) -> Manifest:
    """The manifest that the bytes hold.

    Raises    NotPlain: they hold none of this format and version
    """
    said = read_json(content)
    if not isinstance(said, dict) or (said.get("format"), said.get("version")) != (FORMAT, VERSION):
        raise NotPlain("another format")
    try:
        files = tuple(Listed(one["path"], one["sha256"], one["size"]) for one in said["files"])
        ledger = (
            LedgerSpan(**{name: said["ledger"][name] for name in LedgerSpan.__annotations__})
            if said["ledger"]
            else None
        )
        inspection = {name: said["inspection"][name] for name in ("id", "number")}
        manifest = Manifest(inspection, said["made_at"], said["public_key"], files, ledger)
    except (KeyError, TypeError) as error:
        raise NotPlain("incomplete") from error
    if not _is_typed(manifest):
        raise NotPlain("wrong types")
    return manifest


def _is_typed(said: Manifest) -> bool:
    texts = [said.made_at, *said.inspection.values()]
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(said.public_key, str)
        and KEY.fullmatch(said.public_key) is not None
        and all(_is_listed(one) for one in said.files)
        and len({one.path for one in said.files}) == len(said.files)
        and (said.ledger is None or _is_span(said.ledger))
    )


def _is_listed(one: Listed) -> bool:
    is_text = isinstance(one.path, str) and isinstance(one.sha256, str)
    return is_text and is_name(one.path) and one.path not in UNLISTED and _is_digest(one.sha256) and _is_count(one.size)


def _is_span(span: LedgerSpan) -> bool:
    is_forward = _is_count(span.from_seq) and _is_count(span.to_seq) and 0 < span.from_seq <= span.to_seq
    return is_forward and _is_digest(span.chain_before) and _is_digest(span.chain_after)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def check_signature(manifest: Manifest, content: bytes, sealed: bytes | None) -> Check:
    """Whether the installation whose key the manifest names has signed it; if not, which of the two was altered.

    Basis     RFC 8032 (Ed25519)
    """
    if sealed is None:
        return Check("signature", 0)  # that it is missing is said with the files
    try:
        said = read_json(sealed)
    except NotPlain as error:
        return Check("signature", 1, [Finding("signature.unreadable", SIGNATURE, None, error.reason)])
    if not isinstance(said, dict) or set(said) != {"algorithm", "manifest_sha256", "signature"}:
        return Check("signature", 1, [Finding("signature.unreadable", SIGNATURE)])
    actual, claimed = sha256(content), said["manifest_sha256"]
    holds = is_seal(manifest.public_key, said["signature"], content)
    if not holds and actual != claimed:
        return Check("signature", 1, [Finding("manifest.altered", MANIFEST, show(claimed), actual)])
    if not holds:
        return Check("signature", 1, [Finding("signature.untrue", SIGNATURE, manifest.public_key)])
    return Check("signature", 1, list(_beside_the_seal(said, actual)))


def _beside_the_seal(said: dict[str, Any], actual: str) -> Sequence[Finding]:
    expected = {"algorithm": ALGORITHM, "manifest_sha256": actual}
    return [
        Finding("signature.altered", f"{SIGNATURE}#/{name}", value, show(said[name]))
        for name, value in expected.items()
        if said[name] != value
    ]
