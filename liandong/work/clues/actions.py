"""Every change of the clues room, one verb a function."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Refused
from liandong.kernel.geo import whole_position
from liandong.kernel.ids import new_id
from liandong.kernel.numbers import next_number
from liandong.kernel.secrets import fernet_key
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import area_index
from liandong.work.clues.events import (
    ClueAccepted,
    ClueDeclined,
    ClueReceived,
    ClueSettled,
    PetitionerRevealed,
)
from liandong.work.clues.items import clue_item
from liandong.work.clues.states import CLUE_STATES, ClueState
from liandong.work.clues.tables import Clue


@dataclass(frozen=True)
class Sighting:
    """Which live picture something was seen on, at which moment of it, its sealed snapshot, and how the place is known."""

    stream_id: UUID
    shown_at: datetime
    snapshot_id: UUID
    place_from: str | None


@dataclass(frozen=True)
class NewClue:
    """What is known of a clue when it comes in. `area_code` is where it lies if no place says better; `at_home`: the
    receiver's own wherever it lies, until a neighbour takes it over."""

    kind: str
    description: str
    element: str | None = None
    lon: float | None = None
    lat: float | None = None
    source_id: UUID | None = None
    petitioner: dict[str, str] | None = None
    sighting: Sighting | None = None
    area_code: str | None = None
    at_home: bool = False


def about(clue: Clue, words: str) -> dict[str, Any]:
    """What every fact about a clue says of it."""
    return {
        "subject_id": clue.id,
        "subject": {"number": clue.number, "title": clue.description[:60]},
        "area_code": clue.area_code,
        "task_id": clue.task_id,
        "words": words,
        "after": {"clues": {str(clue.id): clue_item(clue)}},
    }


async def receive_clue(session: AsyncSession, actor: Actor, new: NewClue) -> Clue:
    """A clue is on record, in the area where it lies, or the receiver's own if that is out of reach.

    Raises    access.verb_missing, kernel.position_incomplete, kernel.position_out_of_range
    Announces ClueReceived
    """
    gate.may(actor, "clues:receive")
    area_code = await _area_of(session, actor, new)
    limit = law.deadline(f"clue.handle.{new.kind}", beijing_today(), area=area_code)
    clue = Clue(
        id=new_id(),
        number=await next_number(session, "XS"),
        kind=new.kind,
        element=new.element,
        state=ClueState.received.value,
        description=new.description,
        lon=new.lon,
        lat=new.lat,
        area_code=area_code,
        source_id=new.source_id,
        received_at=now(),
        handle_by_on=limit.due_on,
        handle_rule=law.stamp(limit),
        petitioner=_sealed(new.petitioner),
        **(asdict(new.sighting) if new.sighting else {}),
    )
    session.add(clue)
    await session.flush()
    await ledger.record(session, ClueReceived(**about(clue, f"接收线索 {clue.number}：{clue.description[:40]}")))
    return clue


async def _area_of(session: AsyncSession, actor: Actor, new: NewClue) -> str:
    place = whole_position(new.lon, new.lat)
    if new.at_home:
        return actor.home_area
    lies_in = (await area_index(session)).locate(*place) if place else new.area_code
    return lies_in if lies_in is not None and lies_in in actor.areas else actor.home_area


def _sealed(petitioner: dict[str, str] | None) -> bytes | None:
    return Fernet(fernet_key("petitioner")).encrypt(json.dumps(petitioner).encode()) if petitioner else None


async def accept_clue(
    session: AsyncSession, clue: Clue, *, title: str | None, due_on: date | None, mode: str, instruction: str | None
) -> Clue:
    """The clue is taken up; the task that it calls for is drafted in the same transaction (see `flow.py`).

    Raises    clues.wrong_state, clues.offered_to_a_neighbour
    Announces ClueAccepted
    """
    _require_decided(clue)
    CLUE_STATES.advance(clue, "accept")
    await session.flush()
    told = about(clue, f"受理线索 {clue.number}")
    await ledger.record(
        session,
        ClueAccepted(
            **told,
            title=title or f"核查线索：{clue.description[:40]}",
            clue_kind=clue.kind,
            mode=mode,
            element=clue.element,
            instruction=instruction or clue.description,
            source_id=clue.source_id,
            lon=clue.lon,
            lat=clue.lat,
            due_on=due_on or clue.handle_by_on,
        ),
    )
    return clue


async def decline_clue(session: AsyncSession, clue: Clue, reason: str) -> Clue:
    """The clue is not taken up, and the reason stands beside it.

    Raises    clues.wrong_state, clues.offered_to_a_neighbour
    Announces ClueDeclined
    """
    _require_decided(clue)
    CLUE_STATES.advance(clue, "decline")
    clue.decline_reason = reason
    await session.flush()
    await ledger.record(session, ClueDeclined(**about(clue, f"不予受理线索 {clue.number}：{reason}"), reason=reason))
    return clue


def _require_decided(clue: Clue) -> None:
    if clue.offered_to is not None:
        raise Refused("clues.offered_to_a_neighbour", number=clue.number)


async def settle_clue(session: AsyncSession, clue_id: UUID) -> None:
    """The clue is settled if its task has been done. Safe to repeat.

    Announces ClueSettled
    """
    clue = await session.get_one(Clue, clue_id, with_for_update=True)
    if CLUE_STATES.allows(ClueState(clue.state), "settle"):
        CLUE_STATES.advance(clue, "settle")
        await session.flush()
        await ledger.record(session, ClueSettled(**about(clue, f"线索 {clue.number} 已办结")))


async def hang_on_task(session: AsyncSession, clue_id: UUID, task_id: UUID) -> None:
    """The clue hangs from the task that looks into it; whoever is on the task may read it."""
    clue = await session.get_one(Clue, clue_id)
    clue.task_id = task_id
    await session.flush()


async def reveal_petitioner(session: AsyncSession, clue: Clue) -> dict[str, str]:
    """The petitioner's name and telephone, in the clear; that they were looked at is on the ledger.

    Raises    clues.no_petitioner
    Announces PetitionerRevealed
    """
    if clue.petitioner is None:
        raise Refused("clues.no_petitioner")
    await ledger.record(session, PetitionerRevealed(**about(clue, f"查看线索 {clue.number} 举报人信息")))
    revealed: dict[str, str] = json.loads(Fernet(fernet_key("petitioner")).decrypt(clue.petitioner))
    return revealed
