"""Every change of the evidence room: a file is kept, an item is sealed. Nothing here is ever changed or removed."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs, ledger
from liandong.kernel.clock import beijing_day, now
from liandong.kernel.dictionary import Word
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import held, hold
from liandong.means.evidence.events import EvidenceArrived, EvidenceSealed
from liandong.means.evidence.tables import Blob, Evidence
from liandong.registers import law
from liandong.registers.access.actor import Actor
from liandong.registers.access.queries import reaching, seeing_past_tasks

MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "video/mp4", "video/webm",
                         "video/quicktime", "audio/mpeg", "audio/webm", "audio/mp4", "application/pdf"})  # fmt: skip
GRACE_S = 2
"""A recorder that stops itself at the limit stops a moment later."""


@dataclass(frozen=True)
class Item:
    """What is said of a file when it is sealed. `taken_at` is the device's clock.

    With `size` and `media_type` it is sealed before its bytes are here; without, they must be.
    """

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
    size: int | None = None
    media_type: str | None = None
    kind: str | None = None
    details: dict[str, Any] | None = None


@dataclass(frozen=True)
class Arrived:
    """A file whose bytes are in the store and proven."""

    sha256: str
    size: int
    media_type: str


def media_kind(media_type: str) -> str:
    """The kind of a file as it is kept: without parameters, in lower case.

    Raises    evidence.media_type
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise Invalid("evidence.media_type", media_type=kind)
    return kind


async def keep_file(session: AsyncSession, actor: Actor, sha256: str, content: bytes, media_type: str) -> Blob:
    """The file is in the store under its digest. Keeping it again is a success and changes nothing.

    Raises    evidence.digest_mismatch, evidence.media_type
    Announces EvidenceArrived, for every item that was sealed before its bytes came
    """
    kind = media_kind(media_type)
    await blobs.keep(sha256, content)
    return await note_file(session, actor, Arrived(sha256, len(content), kind))


async def note_file(session: AsyncSession, actor: Actor | None, file: Arrived) -> Blob:
    """It is on record that the file is in the store; who sealed it before hears that it has arrived.

    `actor` None: a device sent it, in a transaction that sees everything.

    Announces EvidenceArrived
    """
    row = {**vars(file), "stored_at": now(), "stored_by": author_of(session).id}
    made = upsert(Blob).values(**row).on_conflict_do_nothing().returning(Blob.sha256)
    if (await session.execute(made)).scalar_one_or_none() is not None:
        await _tell_arrival(session, actor, file)
    return (await session.execute(select(Blob).where(Blob.sha256 == file.sha256))).scalar_one()


async def _tell_arrival(session: AsyncSession, actor: Actor | None, file: Arrived) -> None:
    """A photo may come hours after its visit was handed in and its officer's sight of the task has ended with it."""
    # past the gate: nothing of it is shown to anybody; what was sealed is told that its own bytes are here
    rows = select(Evidence).where(Evidence.sha256 == file.sha256)
    async with nullcontext() if actor is None else seeing_past_tasks(session, actor):
        waiting = (await session.execute(rows)).scalars().all()
    for item in waiting:
        fact = EvidenceArrived(
            subject_id=item.id,
            subject={"title": item.purpose},
            area_code=item.area_code,
            task_id=item.task_id,
            words=f"原件到达：{item.purpose}",
            sha256=file.sha256,
            size=file.size,
        )
        await ledger.record(session, fact)


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

    The digest is what is sealed. So a form need not wait for its pictures: bytes that come later must prove it.
    `kind` left out is the first that takes the file's type.

    Raises    evidence.file_missing, evidence.media_type, evidence.kind_unknown, evidence.kind_media_type,
              evidence.kind_too_large, evidence.kind_too_long
    Announces EvidenceSealed
    Basis     行政处罚法 §46; 案卷评查细则 2024 (证明对象、拍摄时间、拍摄地点、拍摄人、证明内容)
    """
    size, media_type = await _what_it_is(session, item)
    kind = _kind_of(item, size, media_type)
    evidence = Evidence(
        **{**vars(item), "id": item.id or new_id(), "kind": kind, "size": size, "media_type": media_type},
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
            size=size,
            purpose=item.purpose,
        ),
    )
    return evidence


async def _what_it_is(session: AsyncSession, item: Item) -> tuple[int, str]:
    """Size and kind of the file: as it lies in the store, or as whoever took it says while it is on its way."""
    blob = await find_blob(session, item.sha256)
    if blob is not None:
        return blob.size, blob.media_type
    if item.size is None or item.media_type is None:
        raise Refused("evidence.file_missing", sha256=item.sha256)
    return item.size, media_kind(item.media_type)


def _kind_of(item: Item, size: int, media_type: str) -> str:
    """The kind of an item, within whose limits its file lies as the rulebook had them when it was taken."""
    day = beijing_day(item.taken_at)
    key = item.kind or law.kind_of_media(media_type, on=day)
    kind = law.evidence_kind(key, on=day)
    if kind is None:
        raise Invalid("evidence.kind_unknown", kind=key)
    if item.kind is not None and media_type not in kind.media_types:
        raise Invalid("evidence.kind_media_type", kind=Word(f"evidence.kind.{key}"), media_type=media_type)
    if size > kind.most_bytes:
        raise Invalid("evidence.kind_too_large", kind=Word(f"evidence.kind.{key}"), most=kind.most_bytes)
    length_s = (item.details or {}).get("length_s")
    if kind.most_seconds is not None and length_s is not None and length_s > kind.most_seconds + GRACE_S:
        raise Invalid("evidence.kind_too_long", kind=Word(f"evidence.kind.{key}"), most=kind.most_seconds)
    return key


async def show_to(
    session: AsyncSession, evidence_ids: Collection[UUID], owner: str, area_codes: Collection[str]
) -> None:
    """These items of the owner's are seen by these neighbours, and by no others beside those who see them anyway."""
    if evidence_ids:
        async with reaching(session, owner):
            items = update(Evidence).where(Evidence.id.in_(evidence_ids)).values(parties=sorted(area_codes))
            await session.execute(items)
