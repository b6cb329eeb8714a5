"""Every change of the evidence room: a file is kept, an item is sealed. Nothing here is ever changed or removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs, ledger
from liandong.kernel.clock import beijing_day, now
from liandong.kernel.dictionary import Word
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import held, hold
from liandong.means.evidence.events import EvidenceSealed
from liandong.means.evidence.tables import Blob, Evidence
from liandong.registers import law

MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "video/mp4", "video/webm",
                         "video/quicktime", "audio/mpeg", "audio/webm", "audio/mp4", "application/pdf"})  # fmt: skip
GRACE_S = 2
"""A recorder that stops itself at the limit stops a moment later."""


@dataclass(frozen=True)
class Item:
    """What is said of a file when it is sealed. `taken_at` is the device's clock."""

    sha256: str
    purpose: str
    taken_at: datetime
    area_code: str
    caption: str | None = None
    lon: float | None = None
    lat: float | None = None
    taker_officer_id: UUID | None = None
    task_id: UUID | None = None
    inspection_id: UUID | None = None
    problem_id: UUID | None = None
    id: UUID | None = None
    kind: str | None = None
    details: dict[str, Any] | None = None


async def keep_file(session: AsyncSession, sha256: str, content: bytes, media_type: str) -> Blob:
    """The file is in the store under its digest. Keeping it again is a success and changes nothing.

    Raises    evidence.digest_mismatch, evidence.media_type
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise Invalid("evidence.media_type", media_type=kind)
    await blobs.keep(sha256, content)
    row = {"sha256": sha256, "size": len(content), "media_type": kind, "stored_at": now()}
    stored_by = author_of(session).id
    await session.execute(upsert(Blob).values(**row, stored_by=stored_by).on_conflict_do_nothing().inline())
    return (await session.execute(select(Blob).where(Blob.sha256 == sha256))).scalar_one()


async def find_blob(session: AsyncSession, sha256: str) -> Blob | None:
    """The file with this digest, if it has arrived."""
    return held(session, Blob, sha256) or await session.get(Blob, sha256)


_ARRIVED = select(Blob).where(Blob.sha256 == any_(bindparam("digests", type_=ARRAY(Text))))


async def look_up_files(session: AsyncSession, digests: Collection[str]) -> None:
    """Those of these files that have arrived are known; `find_blob` need not ask for them one by one."""
    if digests:
        for blob in (await session.execute(_ARRIVED, {"digests": list(digests)})).scalars():
            hold(session, blob)


async def seal(session: AsyncSession, item: Item) -> Evidence:
    """An item of evidence is sealed: from now on its digest, time, place, taker and purpose stand.

    `kind` left out is the first that takes the file's type.

    Raises    evidence.file_missing, evidence.kind_unknown, evidence.kind_media_type, evidence.kind_too_large,
              evidence.kind_too_long
    Announces EvidenceSealed
    Basis     行政处罚法 §46; 案卷评查细则 2024 (证明对象、拍摄时间、拍摄地点、拍摄人、证明内容)
    """
    blob = await find_blob(session, item.sha256)
    if blob is None:
        raise Refused("evidence.file_missing", sha256=item.sha256)
    kind = _kind_of(item, blob)
    evidence = Evidence(
        **{**vars(item), "id": item.id or new_id(), "kind": kind},
        size=blob.size,
        media_type=blob.media_type,
        received_at=now(),
        taker_name=author_of(session).name,
    )
    session.add(evidence)
    await session.flush()
    await ledger.record(
        session,
        EvidenceSealed(
            subject_id=evidence.id,
            subject={"title": item.purpose},
            area_code=item.area_code,
            task_id=item.task_id,
            happened_at=item.taken_at,
            words=f"{evidence.taker_name} 固定证据：{item.purpose}",
            sha256=item.sha256,
            size=blob.size,
            purpose=item.purpose,
        ),
    )
    return evidence


def _kind_of(item: Item, blob: Blob) -> str:
    """The kind of an item, within whose limits its file lies as the rulebook had them when it was taken."""
    day = beijing_day(item.taken_at)
    key = item.kind or law.kind_of_media(blob.media_type, on=day)
    kind = law.evidence_kind(key, on=day)
    if kind is None:
        raise Invalid("evidence.kind_unknown", kind=key)
    if item.kind is not None and blob.media_type not in kind.media_types:
        raise Invalid("evidence.kind_media_type", kind=Word(f"evidence.kind.{key}"), media_type=blob.media_type)
    if blob.size > kind.most_bytes:
        raise Invalid("evidence.kind_too_large", kind=Word(f"evidence.kind.{key}"), most=kind.most_bytes)
    length_s = (item.details or {}).get("length_s")
    if kind.most_seconds is not None and length_s is not None and length_s > kind.most_seconds + GRACE_S:
        raise Invalid("evidence.kind_too_long", kind=Word(f"evidence.kind.{key}"), most=kind.most_seconds)
    return key
