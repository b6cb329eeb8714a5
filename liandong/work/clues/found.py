"""Clues that officers come upon, on their rounds or at the border, without a petition or a picture."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.evidence.actions import Item, seal
from liandong.registers.access.actor import Actor
from liandong.work.clues.actions import NewClue, receive_clue
from liandong.work.clues.schemas import FoundClueIn, PhotoIn
from liandong.work.clues.tables import Clue

PURPOSE = "线索现场情况"


async def receive_found(session: AsyncSession, actor: Actor, found: FoundClueIn) -> Clue:
    """What somebody came upon is on record as a clue of his own area, wherever it lies: he found it, and tells whose it is.

    Raises    access.verb_missing, kernel.position_incomplete
    Announces ClueReceived
    """
    new = NewClue("patrol", found.description, found.element, found.lon, found.lat, at_home=True)
    return await receive_clue(session, actor, new)


async def add_photos(session: AsyncSession, actor: Actor, clue: Clue, photos: Sequence[PhotoIn]) -> None:
    """These photos are sealed and show the clue, beside those that did before.

    Raises    evidence.media_type, evidence.kind_too_large
    Announces EvidenceSealed for each
    """
    if photos:
        clue.photo_ids = [*clue.photo_ids, *[await _seal(session, actor, clue, photo) for photo in photos]]
        await session.flush()


async def _seal(session: AsyncSession, actor: Actor, clue: Clue, photo: PhotoIn) -> UUID:
    item = Item(
        sha256=photo.sha256, size=photo.size, media_type=photo.media_type, taken_at=photo.taken_at, purpose=PURPOSE,
        area_code=clue.area_code, lon=clue.lon, lat=clue.lat, taker_officer_id=actor.officer_id,
    )  # fmt: skip
    return (await seal(session, item)).id
