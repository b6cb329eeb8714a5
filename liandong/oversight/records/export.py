"""A visit is sealed: its content listed, the list signed by the installation, and all of it written as one archive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.ext.asyncio import AsyncSession

from liandong import __version__
from liandong.kernel import blobs, canonical
from liandong.kernel.errors import Broken
from liandong.kernel.secrets import signing_key
from liandong.oversight.records.content import Content, Original, read_content
from liandong.oversight.records.proof import form
from liandong.oversight.records.proof.manifest import ALGORITHM
from liandong.oversight.records.proof.zip_write import Archive
from liandong.oversight.records.readme import readme
from liandong.oversight.records.stretch import read_stretch
from liandong.work.inspections.tables import Inspection


@dataclass(frozen=True)
class Sealed:
    """A record that is ready to be written: everything but the originals, and the originals by name."""

    entries: tuple[tuple[str, bytes], ...]
    originals: tuple[Original, ...]
    number: str

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"{self.number}.zip"


def public_key() -> str:
    """The key with which anybody can check what this installation signed (Ed25519, raw, hex)."""
    return signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


async def seal_visit(
    session: AsyncSession,
    visit: Inspection,
    deeds: Sequence[dict[str, Any]],
    made_at: datetime,
    documents: Mapping[str, bytes] | None = None,
) -> Sealed:
    """The record of a visit as it stands in this transaction, which must be one snapshot.

    `deeds` are those of the visit as they were sent: `{deed, sent: {account_id, happened_at}, receipt}` each, in the
    order of their clocks; `documents` are papers by their file names. The same content and `made_at` give the same
    bytes.

    Raises    records.not_stamped, records.originals_awaited
    """
    content = await read_content(session, visit)
    span, facts = await read_stretch(session, content.subjects)
    docs = {**content.docs, **{f"{form.DEEDS}{number:05d}.json": deed for number, deed in enumerate(deeds, 1)}, **facts}
    head = {
        "format": form.FORMAT,
        "version": form.VERSION,
        "software": f"liandong {__version__}",
        "inspection": {"id": str(visit.id), "number": visit.number},
        "made_at": made_at.astimezone(UTC).isoformat(),
        "public_key": public_key(),
        "ledger": span,
    }
    files = {form.README: readme(head).encode(), **{path: _bytes(doc) for path, doc in docs.items()}}
    files |= {f"{form.DOCUMENTS}{name}": paper for name, paper in (documents or {}).items()}
    return _sign(head, files, content)


def _bytes(doc: Any) -> bytes:
    return doc.encode() if isinstance(doc, str) else canonical.canonical_bytes(doc)


def _sign(head: dict[str, Any], files: dict[str, bytes], content: Content) -> Sealed:
    listed = [
        {"path": path, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)} for path, body in files.items()
    ]
    listed += [{"path": one.path, "sha256": one.sha256, "size": one.size} for one in content.originals]
    manifest = canonical.canonical_bytes({**head, "files": listed})
    signature = {
        "algorithm": ALGORITHM,
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        "signature": signing_key().sign(manifest).hex(),
    }
    first = ((form.MANIFEST, manifest), (form.SIGNATURE, canonical.canonical_bytes(signature)))
    return Sealed((*first, *files.items()), tuple(content.originals), content.inspection.number)


async def write_record(sealed: Sealed, out: IO[bytes]) -> int:
    """The whole archive is in `out`; its size in bytes is returned. Originals are read one at a time.

    Raises    records.original_missing, records.original_altered: a record that lacks one is not made
    """
    archive = Archive(out)
    for path, body in sealed.entries:
        archive.add(path, body)
    for original in sealed.originals:
        archive.add(original.path, await _fetch(original))
    return archive.close()


async def _fetch(original: Original) -> bytes:
    try:
        body = await blobs.fetch(original.sha256)
    except FileNotFoundError as error:
        raise Broken("records.original_missing", sha256=original.sha256) from error
    if hashlib.sha256(body).hexdigest() != original.sha256:
        raise Broken("records.original_altered", sha256=original.sha256)
    return body
