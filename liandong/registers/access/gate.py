"""THE GATE: one place that says who may see what, who may do what to it, and why.

Ways in so far: home 属地, superior 上级, assigned 承办, allied 联动. A record that is not seen does not exist (404); one that is
seen but not yours to decide is refused with the reason (403); sight is checked first. PostgreSQL's row-level
security holds the same rules a second time behind this one, so that a forgotten filter leaks nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, Uuid, any_, bindparam, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import memory
from liandong.kernel.errors import Refused
from liandong.registers.access.actor import Actor
from liandong.registers.access.scoped import Scoped
from liandong.registers.access.vocabulary import VERBS, Way

T = TypeVar("T", bound=Scoped)


def may(actor: Actor, verb: str) -> None:
    """Afterwards it is sure that the actor's roles hold `verb` at all.

    Raises    access.verb_missing (403)
    """
    if not VERBS[verb].roles & actor.roles:
        rule = {"verb": verb, "zh": VERBS[verb].zh, "roles_needed": sorted(VERBS[verb].roles)}
        raise Refused("access.verb_missing", verb=verb, verb_zh=VERBS[verb].zh, rule=rule)


def visible(actor: Actor, verb: str, table: type[T]) -> Select[T]:
    """The rows of a guarded table that the actor may see for `verb`: the only way to begin a query on it.

    Raises    access.verb_missing (403)
    """
    may(actor, verb)
    return select(table).where(_sight(actor, VERBS[verb].ways, table))


def _sight(actor: Actor, ways: frozenset[Way], table: type[Scoped]) -> ColumnElement[bool]:
    sights: list[ColumnElement[bool]] = []
    if ways & {Way.home, Way.superior}:
        sights.append(table.area_code == any_(literal(sorted(actor.areas), ARRAY(Text))) if actor.areas else false())
    if Way.assigned in ways:
        if table.task_key and actor.tasks:
            sights.append(getattr(table, table.task_key) == any_(literal(list(actor.tasks), ARRAY(Uuid))))
        if table.source_key and actor.sources:
            sights.append(getattr(table, table.source_key) == any_(literal(list(actor.sources), ARRAY(Uuid))))
    if table.parties_key and ways & {Way.allied, Way.superior} and actor.areas:
        sights.append(getattr(table, table.parties_key).bool_op("&&")(literal(sorted(actor.areas), ARRAY(Text))))
    if table.share and Way.allied in ways:
        shared = actor.memoranda(table.share)
        sights.append(table.memorandum_id == any_(literal(shared, ARRAY(Uuid))))  # type: ignore[attr-defined]
    return or_(false(), *sights)


def ways_in(actor: Actor, *, area_code: str | None, task_id: UUID | None, source_id: UUID | None = None) -> set[Way]:
    """Every way by which the actor sees something that lies in an area and hangs from a task."""
    ways = set()
    if area_code is not None and area_code in actor.areas:
        ways.add(Way.home if area_code == actor.home_area else Way.superior)
    if task_id is not None and task_id in actor.tasks:
        ways.add(Way.assigned)
    if source_id is not None and source_id in actor.sources:
        ways.add(Way.assigned)
    return ways


def ways_to(actor: Actor, record: Scoped) -> set[Way]:
    """Every way by which the actor sees this record; none: it does not exist for them."""
    return _ways_of_allies(actor, record) | ways_in(
        actor,
        area_code=record.area_code,
        task_id=getattr(record, record.task_key) if record.task_key else None,
        source_id=getattr(record, record.source_key) if record.source_key else None,
    )


def _ways_of_allies(actor: Actor, record: Scoped) -> set[Way]:
    ways = set()
    parties = frozenset(getattr(record, record.parties_key)) if record.parties_key else frozenset()
    if parties & actor.areas:
        ways.add(Way.allied if actor.home_area in parties else Way.superior)
    if record.share and (record.share, record.memorandum_id) in actor.granted:  # type: ignore[attr-defined]
        ways.add(Way.allied)
    return ways


def allowed(actor: Actor, verb: str, record: Scoped) -> bool:
    """Whether the actor may do `verb` to this record: what a list of buttons is made from."""
    power = VERBS[verb]
    return bool(power.roles & actor.roles) and bool(power.ways & _ways_for(actor, verb, record))


def require(actor: Actor, verb: str, record: Scoped) -> Way:
    """The way in by which the actor may do `verb` to this record.

    Raises    kernel.not_found (404, unseen) · access.verb_missing (403) · access.way_missing (403, with the ways)
    """
    if not ways_to(actor, record):
        raise Refused("kernel.not_found")
    may(actor, verb)
    found = VERBS[verb].ways & _ways_for(actor, verb, record)
    if not found:
        raise Refused("access.way_missing", verb=verb, verb_zh=VERBS[verb].zh, rule=explain(actor, verb, record))
    return sorted(found)[0]


def _ways_for(actor: Actor, verb: str, record: Scoped) -> set[Way]:
    """Ways by which one may do `verb`. A source that one is sent to opens its file to the eye, not to the hand; and so does
    standing over one of several to whom a record belongs, where it lies with another."""
    ways = ways_to(actor, record)
    if verb.endswith(":read"):
        return ways
    if record.area_code not in actor.areas:
        ways.discard(Way.superior)
    if Way.assigned in ways and record.task_key and getattr(record, record.task_key) not in actor.tasks:
        ways.discard(Way.assigned)
    return ways


def explain(actor: Actor, verb: str, record: Scoped) -> dict[str, Any]:
    """Why the actor may, or may not, do `verb` to this record: the ways found and the ways that would do."""
    power = VERBS[verb]
    return {
        "verb": verb,
        "zh": power.zh,
        "ways_found": sorted(_ways_for(actor, verb, record)),
        "ways_needed": sorted(power.ways),
        "roles_needed": sorted(power.roles),
    }


async def find(
    session: AsyncSession, actor: Actor, verb: str, table: type[T], record_id: UUID, *, lock: bool = False
) -> T:
    """The record with this id, if the actor may see it and may do `verb` to it.

    `lock` holds it until the transaction ends; one that is held already is not asked for again.

    Raises    kernel.not_found (404) · access.verb_missing, access.way_missing (403)
    """
    held = memory.held(session, table, record_id)
    record = held or await _seen(session, actor, table, record_id, lock=lock)
    require(actor, verb, record)
    return memory.hold(session, record) if lock and held is None else record


async def _seen(session: AsyncSession, actor: Actor, table: type[T], record_id: UUID, *, lock: bool) -> T:
    sight = {"areas": list(actor.areas), "tasks": list(actor.tasks), "sources": list(actor.sources)}
    if table.share:
        sight["shared"] = actor.memoranda(table.share)
    rows: Select[T] = _one(table, lock)  # type: ignore[arg-type]
    record = (await session.execute(rows, {**sight, "record_id": record_id})).scalar_one_or_none()
    if record is None:
        raise Refused("kernel.not_found")
    return record


@cache
def _one(table: type[Any], lock: bool) -> Select[Any]:
    """One record of a table within the sight of whoever asks, by whatever way; made once, because it is asked so often."""
    sights = [table.area_code == any_(bindparam("areas", type_=ARRAY(Text)))]
    if table.task_key:
        sights.append(getattr(table, table.task_key) == any_(bindparam("tasks", type_=ARRAY(Uuid))))
    if table.source_key:
        sights.append(getattr(table, table.source_key) == any_(bindparam("sources", type_=ARRAY(Uuid))))
    if table.parties_key:
        sights.append(getattr(table, table.parties_key).bool_op("&&")(bindparam("areas", type_=ARRAY(Text))))
    if table.share:
        sights.append(table.memorandum_id == any_(bindparam("shared", type_=ARRAY(Uuid))))
    rows = select(table).where(or_(*sights), table.__mapper__.primary_key[0] == bindparam("record_id"))
    return rows.with_for_update() if lock else rows


async def count(session: AsyncSession, rows: Select[Any]) -> int:
    """How many rows a query from the gate has, all pages together."""
    return (await session.execute(select(func.count()).select_from(rows.order_by(None).subquery()))).scalar_one()
