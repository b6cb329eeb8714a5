"""Every change of the trackers room, one verb a function."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.registers.access.actor import Actor
from liandong.registers.trackers.events import TrackerClosed, TrackerKeyRenewed, TrackerRegistered
from liandong.registers.trackers.tables import Tracker

KEY_BYTES = 24


def key_hash(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode()).hexdigest()


async def register_tracker(session: AsyncSession, actor: Actor, kind: str, title: str) -> tuple[Tracker, str]:
    """A device of the actor's agency may report positions. Returns it with its key, which is kept nowhere.

    Announces TrackerRegistered
    """
    return await _register(session, actor, {"kind": kind, "title": title})


async def register_own_tracker(session: AsyncSession, actor: Actor, title: str) -> tuple[Tracker, str]:
    """A device that the actor carries may report positions, and hear what the actor may see. Returns it with its key.

    Announces TrackerRegistered
    """
    owner = {"account_id": actor.account_id, "officer_id": actor.officer_id}
    return await _register(session, actor, {"kind": "officer", "title": title, **owner})


async def _register(session: AsyncSession, actor: Actor, said: dict[str, Any]) -> tuple[Tracker, str]:
    key = secrets.token_urlsafe(KEY_BYTES)
    tracker = Tracker(
        id=new_id(), **said, agency_id=actor.agency_id, area_code=actor.home_area, key_hash=key_hash(key),
        registered_at=now(),
    )  # fmt: skip
    session.add(tracker)
    await session.flush()
    told = _told(tracker, f"登记定位设备 {tracker.title}")
    await ledger.record(session, TrackerRegistered(**told, kind=tracker.kind))
    return tracker, key


async def renew_key(session: AsyncSession, tracker: Tracker) -> str:
    """The device has another key, which is returned and kept nowhere; the one before opens nothing.

    Raises    trackers.closed
    Announces TrackerKeyRenewed
    """
    _require_open(tracker)
    key = secrets.token_urlsafe(KEY_BYTES)
    tracker.key_hash = key_hash(key)
    await session.flush()
    await ledger.record(session, TrackerKeyRenewed(**_told(tracker, f"更换定位设备密钥 {tracker.title}")))
    return key


async def close_tracker(session: AsyncSession, tracker: Tracker, reason: str) -> None:
    """The device may report no more; what it has reported stays as long as whereabouts do.

    Raises    trackers.closed
    Announces TrackerClosed
    """
    _require_open(tracker)
    tracker.closed_at, tracker.close_reason = now(), reason
    await session.flush()
    words = f"停用定位设备 {tracker.title}：{reason}"
    await ledger.record(session, TrackerClosed(**_told(tracker, words), reason=reason))


def _require_open(tracker: Tracker) -> None:
    if tracker.closed_at is not None:
        raise Refused("trackers.closed", title=tracker.title)


def _told(tracker: Tracker, words: str) -> dict[str, Any]:
    about = {"subject_id": tracker.id, "subject": {"title": tracker.title}}
    return {**about, "area_code": tracker.area_code, "words": words}
