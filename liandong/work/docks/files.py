"""Files that docks send: kept whole, or in parts that are joined when the dock says so. The bytes lie in the store already.

Devices have no account: whoever calls this has proven which dock speaks, and uses a transaction that sees everything.
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
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.work.docks.tables import Dock, DockFile, DockUpload, DockUploadPart

KEPT_DAYS = 7
"""An upload in parts that nobody went on with is given up after so long."""
MOST_OPEN = 50
"""Uploads in parts that one dock may have begun and not finished."""
SWEPT_AT_ONCE = 200
JPEG, FILM_AT, FILM, QUICKTIME = b"\xff\xd8\xff", 4, b"ftyp", b"ftypqt"
HEAD_BYTES = 16
"""So many of its first bytes say what a file is."""


@dataclass(frozen=True)
class Received:
    """A file that lies in the store. `head`: its first bytes; `etag`: what the dock is answered."""

    object_key: str
    sha256: str
    size: int
    etag: str
    head: bytes


@dataclass(frozen=True)
class Part:
    """A part of a file that lies in the store under `name`; `etag` is its MD5."""

    name: str
    size: int
    etag: str


def media_type_of(head: bytes) -> str:
    """What a file is, by its first bytes and not by its name; a photograph or a film, else data of some kind."""
    if head.startswith(JPEG):
        return "image/jpeg"
    if head[FILM_AT:].startswith(QUICKTIME):
        return "video/quicktime"
    return "video/mp4" if head[FILM_AT:].startswith(FILM) else "application/octet-stream"


async def find_sender(session: AsyncSession, dock_id: UUID) -> Dock:
    """The dock that a key was given to.

    Raises    docks.key_unknown (403)
    """
    dock = await session.get(Dock, dock_id)  # past the gate: a device that speaks for itself has no account
    if dock is None:
        raise Refused("docks.key_unknown")
    return dock


async def note_received(session: AsyncSession, dock_id: UUID, file: Received) -> None:
    """It is on record that this dock sent the file; the same again changes nothing."""
    dock = await find_sender(session, dock_id)
    row = {
        "id": new_id(), "dock_id": dock.id, "aircraft_id": dock.aircraft_id, "area_code": dock.area_code,
        "object_key": file.object_key, "sha256": file.sha256, "size": file.size, "etag": file.etag,
        "media_type": media_type_of(file.head), "received_at": now(), "is_reported": False,
    }  # fmt: skip
    await session.execute(upsert(DockFile).values(**row).on_conflict_do_nothing())


async def newest_file(session: AsyncSession, dock_id: UUID, object_key: str) -> DockFile | None:
    """What this dock sent last under this key: the one that is no evidence yet, if there is one."""
    # past the gate: a device asks for its own
    rows = select(DockFile).where(DockFile.dock_id == dock_id, DockFile.object_key == object_key)
    newest = rows.order_by(DockFile.filed_at.is_not(None), DockFile.received_at.desc()).limit(1).with_for_update()
    return (await session.execute(newest)).scalar_one_or_none()


async def begin_upload(session: AsyncSession, dock_id: UUID, object_key: str) -> UUID:
    """A file of this dock may come in parts, under the number returned.

    Raises    docks.key_unknown (403), docks.too_many_uploads (429)
    """
    await find_sender(session, dock_id)
    open_ones = select(func.count()).where(
        DockUpload.dock_id == dock_id, DockUpload.finished_at.is_(None), DockUpload.expires_at > now()
    )
    if (await session.execute(open_ones)).scalar_one() >= MOST_OPEN:
        raise Refused("docks.too_many_uploads", most=MOST_OPEN)
    expires_at = now() + timedelta(days=KEPT_DAYS)
    upload = DockUpload(id=new_id(), dock_id=dock_id, object_key=object_key, begun_at=now(), expires_at=expires_at)
    session.add(upload)
    await session.flush()
    return upload.id


async def find_upload(
    session: AsyncSession, dock_id: UUID, upload_id: UUID, object_key: str, *, lock: bool = False
) -> DockUpload:
    """An upload that this dock began under this key.

    Raises    docks.upload_unknown (404)
    """
    rows = select(DockUpload).where(
        DockUpload.id == upload_id, DockUpload.dock_id == dock_id, DockUpload.object_key == object_key
    )
    found = (await session.execute(rows.with_for_update() if lock else rows)).scalar_one_or_none()
    if found is None or found.expires_at <= now():
        raise Refused("docks.upload_unknown")
    return found


async def bytes_so_far(session: AsyncSession, upload_id: UUID) -> int:
    """Bytes of all its parts together."""
    rows = select(func.coalesce(func.sum(DockUploadPart.size), 0)).where(DockUploadPart.upload_id == upload_id)
    return int((await session.execute(rows)).scalar_one())


async def add_part(session: AsyncSession, upload: DockUpload, number: int, part: Part) -> str | None:
    """The part counts. Returns the name of one of the same number that counts no more.

    Raises    docks.upload_unknown (404): the file is whole already
    """
    if upload.finished_at is not None:
        raise Refused("docks.upload_unknown")
    earlier = await session.get(DockUploadPart, (upload.id, number))
    replaced = earlier.name if earlier else None
    await session.merge(DockUploadPart(upload_id=upload.id, number=number, **vars(part)))
    await session.flush()
    return replaced


async def parts_of(
    session: AsyncSession, upload_id: UUID, named: Sequence[tuple[int, str]]
) -> Sequence[DockUploadPart]:
    """The parts that the dock names by number and etag, in that order.

    Raises    docks.part_invalid (422): one of them is not here, is another, or they are out of order
    """
    rows = select(DockUploadPart).where(DockUploadPart.upload_id == upload_id)
    here = {part.number: part for part in (await session.execute(rows)).scalars()}
    numbers = [number for number, _ in named]
    if not numbers or numbers != sorted(set(numbers)):
        raise Refused("docks.part_invalid")
    if any(number not in here or here[number].etag != etag for number, etag in named):
        raise Refused("docks.part_invalid")
    return [here[number] for number in numbers]


async def finish_upload(session: AsyncSession, upload: DockUpload, file: Received) -> None:
    """The parts are a file of the dock's; finishing it again changes nothing."""
    await note_received(session, upload.dock_id, file)
    if upload.finished_at is None:
        upload.finished_at, upload.sha256 = now(), file.sha256
        await _forget_parts(session, [upload.id])


async def give_up(session: AsyncSession, upload: DockUpload) -> None:
    """Nothing is on record of this upload any more."""
    await _forget_parts(session, [upload.id])
    await session.delete(upload)
    await session.flush()


async def sweep_dock_uploads(session: AsyncSession, at: datetime | None = None) -> None:
    """What nobody went on with is gone, with its parts."""
    rows = select(DockUpload.id).where(DockUpload.expires_at <= (at or now())).limit(SWEPT_AT_ONCE)
    ids = list((await session.execute(rows.with_for_update(skip_locked=True))).scalars())
    for upload_id in ids:
        await blobs.drop_parts(str(upload_id))
    await _forget_parts(session, ids)
    await session.execute(delete(DockUpload).where(DockUpload.id.in_(ids)))


async def _forget_parts(session: AsyncSession, ids: Sequence[UUID]) -> None:
    await session.execute(delete(DockUploadPart).where(DockUploadPart.upload_id.in_(ids)))
