"""The snapshot that a live screen starts from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.canonical import plain
from liandong.kernel.clock import beijing_today, start_of_day
from liandong.kernel.feed import fact_body, last_seq
from liandong.kernel.ledger import LedgerFact
from liandong.means.tracks.queries import places_of
from liandong.oversight.picture.reduce import Picture
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import agency_names
from liandong.registers.officers.queries import list_officers
from liandong.registers.sources.queries import source_names
from liandong.work.clues.items import clue_item
from liandong.work.clues.states import OPEN_STATES as OPEN_CLUES
from liandong.work.clues.tables import Clue
from liandong.work.dispatch import items as task_items
from liandong.work.dispatch.queries import parts_in
from liandong.work.dispatch.states import OPEN_STATES as OPEN_TASKS
from liandong.work.dispatch.tables import Task
from liandong.work.inspections.tables import Inspection
from liandong.work.problems import items as problem_items
from liandong.work.problems.states import OPEN_STATES as OPEN_PROBLEMS
from liandong.work.problems.tables import Problem

TICKER = 30
T = TypeVar("T")


async def take_picture(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """All that a live screen shows this actor, as of one sequence number.

    The transaction must be a snapshot (see `Database.transaction`). The number is read first: a fact stamped since is
    applied a second time by the feed, which changes nothing; read last, a fact could be missed.

    Shape     {seq, clues, tasks, problems, officers: {id: item}, ticker: [fact, newest first]}
    """
    gate.may(actor, "picture:read")
    seq = await last_seq(session)
    since = start_of_day(beijing_today())
    items: Picture = {
        "clues": await _clues(session, actor),
        "tasks": await _tasks(session, actor, since),
        "problems": await _problems(session, actor, since),
        "officers": await _officers(session, actor),
    }
    return {"seq": seq, **items, "ticker": [fact_body(fact) for fact in await _ticker(session)]}


async def _all(session: AsyncSession, rows: Select[T]) -> Sequence[T]:
    return (await session.scalars(rows)).all()


async def _clues(session: AsyncSession, actor: Actor) -> dict[str, dict[str, Any]]:
    rows = gate.visible(actor, "clues:read", Clue).where(Clue.state.in_(OPEN_CLUES))
    return {str(clue.id): plain(clue_item(clue)) for clue in await _all(session, rows)}


async def _tasks(session: AsyncSession, actor: Actor, since: datetime) -> dict[str, dict[str, Any]]:
    shown = or_(Task.state.in_(OPEN_TASKS), Task.reported_at >= since, Task.cancelled_at >= since)
    tasks = await _all(session, gate.visible(actor, "tasks:read", Task).where(shown))
    named = await source_names(session, {task.source_id for task in tasks if task.source_id})
    parts = await parts_in(session, {task.id for task in tasks})
    found = {}
    for task in tasks:
        on_it = [part for part in parts.get(task.id, []) if part.ended_at is None]
        found[str(task.id)] = plain(task_items.item(task, named.get(task.source_id) if task.source_id else None, on_it))
    return found


async def _problems(session: AsyncSession, actor: Actor, since: datetime) -> dict[str, dict[str, Any]]:
    shown = or_(Problem.state.in_(OPEN_PROBLEMS), Problem.closed_at >= since)
    # a source's earlier problems are open to officers sent there, but their facts are not: they stay in its file
    told = or_(Problem.area_code.in_(actor.areas), Problem.task_id.in_(actor.tasks))
    problems = await _all(session, gate.visible(actor, "problems:read", Problem).where(shown, told))
    named = await source_names(session, {problem.source_id for problem in problems if problem.source_id})
    found = {}
    for problem in problems:
        source_name = named.get(problem.source_id) if problem.source_id else None
        found[str(problem.id)] = plain(problem_items.item(problem, source_name))
    return found


async def _officers(session: AsyncSession, actor: Actor) -> dict[str, dict[str, Any]]:
    entries = await list_officers(session, areas=actor.areas)
    agencies = await agency_names(session)
    may_see = "positions:read" in actor.verbs
    places = await places_of(session, actor, {entry.id for entry in entries}) if may_see else {}
    on_site = await _on_site(session, actor)
    found = {}
    for entry in entries:
        place = places.get(entry.id)
        found[str(entry.id)] = plain(
            {
                "id": entry.id,
                "name": entry.name,
                "agency_name": agencies.get(entry.agency_id, ""),
                "area_code": entry.area_code,
                "is_on_duty": entry.is_on_duty,
                "task_id": on_site.get(entry.id),
                "lon": place.lon if place else None,
                "lat": place.lat if place else None,
                "position_at": place.happened_at if place else None,
            }
        )
    return found


async def _on_site(session: AsyncSession, actor: Actor) -> dict[Any, Any]:
    tasks = gate.visible(actor, "tasks:read", Task).where(Task.state == "on_site").with_only_columns(Task.inspection_id)
    visits = gate.visible(actor, "inspections:read", Inspection).where(Inspection.id.in_(tasks))
    return {officer: visit.task_id for visit in await _all(session, visits) for officer in visit.officer_ids}


async def _ticker(session: AsyncSession) -> Sequence[LedgerFact]:
    """The newest news that this transaction may see; row-level security is their gate. What changed nothing on the
    screen (an answer to a checklist, a photo) is for its record, and would crowd out the rest."""
    told = select(LedgerFact).where(LedgerFact.seq.is_not(None), LedgerFact.area_code.is_not(None))
    told = told.where(LedgerFact.payload["after"].astext != "{}")
    return await _all(session, told.order_by(LedgerFact.seq.desc()).limit(TICKER))


async def timeline(session: AsyncSession, subject_id: UUID) -> Sequence[LedgerFact]:
    """Everything on the ledger about one record that this transaction may see, oldest first."""
    rows = select(LedgerFact).where(LedgerFact.subject_id == subject_id)
    return await _all(session, rows.order_by(LedgerFact.entry_no).limit(1000))
