"""Files on their way: begun, gone on with piece by piece, finished, given up, swept away.

Every function here is a short transaction's worth of work and touches no byte of a file: a slow phone may take minutes
for a piece, and nobody else's request waits for it (see `receiving`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs
from liandong.kernel.clock import now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.kernel.settings import settings
from liandong.means.evidence.actions import Arrived, media_kind, note_file
from liandong.means.evidence.tables import Blob, Upload, UploadPart
from liandong.registers.access.actor import Actor

SWEPT_AT_ONCE = 200


@dataclass(frozen=True)
class Announced:
    """What is said of a file before its first byte comes."""

    sha256: str
    size: int
    media_type: str


def most_bytes(media_type: str) -> int:
    """The largest file of this kind that is taken."""
    return {
        "audio": settings().max_audio_bytes,
        "video": settings().max_video_bytes,
    }.get(media_type.partition("/")[0], settings().max_file_bytes)


def _keeps_until() -> datetime:
    return now() + timedelta(days=settings().upload_days)


async def begin_upload(session: AsyncSession, actor: Actor, said: Announced) -> Upload:
    """The upload of this file by this account: one that was begun before is gone on with, whatever became of the phone.

    A file that this account has sent whole before is finished at once. That somebody else has sent it proves nothing
    about this phone, so it is asked for again.

    Raises    evidence.media_type, evidence.file_too_large, evidence.upload_conflict, evidence.too_many_uploads
    """
    kind = media_kind(said.media_type)
    if said.size > most_bytes(kind):
        raise Invalid("evidence.file_too_large", most=most_bytes(kind))
    known = await _of_file(session, actor, said.sha256)
    if known is None:
        await _require_room(session, actor)
        await _open(session, actor, Announced(said.sha256, said.size, kind))
        known = await _of_file(session, actor, said.sha256)
        assert known is not None
    if (known.size, known.media_type) != (said.size, kind):
        was = f"{known.media_type} {known.size}"
        raise Refused("evidence.upload_conflict", known=was, said=f"{kind} {said.size}")
    known.expires_at = _keeps_until()
    return known


async def _of_file(session: AsyncSession, actor: Actor, sha256: str) -> Upload | None:
    rows = select(Upload).where(Upload.account_id == actor.account_id, Upload.sha256 == sha256)
    return (await session.execute(rows.with_for_update())).scalar_one_or_none()


async def _require_room(session: AsyncSession, actor: Actor) -> None:
    rows = select(func.count()).select_from(Upload)
    running = rows.where(Upload.account_id == actor.account_id, Upload.finished_at.is_(None), Upload.expires_at > now())
    if (await session.execute(running)).scalar_one() >= settings().open_uploads:
        raise Refused("evidence.too_many_uploads", most=settings().open_uploads)


async def _open(session: AsyncSession, actor: Actor, said: Announced) -> None:
    rows = select(Blob).where(Blob.sha256 == said.sha256, Blob.stored_by == actor.account_id)
    sent = (await session.execute(rows)).scalar_one_or_none()
    row = {
        "id": new_id(),
        "account_id": actor.account_id,
        **vars(said),
        "received": sent.size if sent else 0,
        "begun_at": now(),
        "expires_at": _keeps_until(),
        "finished_at": sent.stored_at if sent else None,
    }
    await session.execute(upsert(Upload).values(**row).on_conflict_do_nothing())


async def find_upload(session: AsyncSession, actor: Actor, upload_id: UUID, *, lock: bool = False) -> Upload:
    """An upload of the actor's own.

    Raises    kernel.not_found (404), evidence.upload_expired (410)
    """
    rows = select(Upload).where(Upload.id == upload_id, Upload.account_id == actor.account_id)
    asked = rows.with_for_update() if lock else rows
    upload = (await session.execute(asked)).scalar_one_or_none()
    if upload is None:
        raise Refused("kernel.not_found")
    if upload.expires_at <= now():
        raise Refused("evidence.upload_expired")
    return upload


def require_offset(upload: Upload, offset: int) -> None:
    """Afterwards it is sure that the next byte wanted is the one at `offset`.

    Raises    evidence.offset_mismatch (409)
    """
    if upload.received != offset:
        raise Refused("evidence.offset_mismatch", expected=upload.received, got=offset)


async def add_part(session: AsyncSession, actor: Actor, upload_id: UUID, part: UploadPart) -> Upload:
    """The piece counts. Of two that begin at the same byte only the first does.

    Raises    kernel.not_found, evidence.upload_expired, evidence.offset_mismatch
    """
    upload = await find_upload(session, actor, upload_id, lock=True)
    require_offset(upload, part.first)
    session.add(part)
    upload.received += part.size
    upload.expires_at = _keeps_until()
    return upload


async def take_back(session: AsyncSession, actor: Actor, upload_id: UUID, first: int) -> Upload:
    """The pieces from `first` on do not count: together they were not what was sent."""
    upload = await find_upload(session, actor, upload_id, lock=True)
    if upload.finished_at is None and upload.received > first:
        await session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id, UploadPart.first >= first))
        upload.received = first
    return upload


async def part_names(session: AsyncSession, upload_id: UUID) -> list[str]:
    """Where the pieces lie, from the first byte to the last."""
    rows = select(UploadPart.name).where(UploadPart.upload_id == upload_id).order_by(UploadPart.first)
    return list((await session.execute(rows)).scalars())


async def finish_upload(session: AsyncSession, actor: Actor, upload_id: UUID) -> Upload:
    """The file is in the store under its proven digest, and on record; finishing it again changes nothing.

    Announces EvidenceArrived, for every item that was sealed before its bytes came
    """
    upload = await find_upload(session, actor, upload_id, lock=True)
    if upload.finished_at is None:
        await note_file(session, actor, Arrived(upload.sha256, upload.size, upload.media_type))
        upload.received, upload.finished_at = upload.size, now()
        await session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))
    return upload


async def give_up(session: AsyncSession, upload_ids: Sequence[UUID]) -> None:
    """Nothing is on record of these uploads any more. Files that were finished stay."""
    await session.execute(delete(UploadPart).where(UploadPart.upload_id.in_(upload_ids)))
    await session.execute(delete(Upload).where(Upload.id.in_(upload_ids)))


async def sweep_uploads(session: AsyncSession, at: datetime | None = None) -> None:
    """What nobody went on with in time is gone, and so are pieces that a killed server left behind."""
    expired = select(Upload.id).where(Upload.expires_at <= (at or now())).order_by(Upload.expires_at)
    rows = expired.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True)
    ids = list((await session.execute(rows)).scalars())
    for upload_id in ids:
        await blobs.drop_parts(str(upload_id))
    await give_up(session, ids)
