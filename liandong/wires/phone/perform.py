"""From a deed to the action it stands for: one function a kind, all through the gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.means.tracks.actions import put_on_map
from liandong.means.tracks.points import Kind, Point, milliseconds
from liandong.registers.access.actor import Actor
from liandong.wires.phone import payloads as say
from liandong.wires.phone import referral_deeds, site_deeds
from liandong.wires.phone.doing import Doing, item_of
from liandong.wires.phone.entries import ENTRIES, Entry
from liandong.wires.phone.frame import DeedIn
from liandong.work.dispatch.answers import accept_task
from liandong.work.dispatch.items import officers_on
from liandong.work.dispatch.queries import find_task, reason_off
from liandong.work.inspections import actions as inspections
from liandong.work.inspections.actions import Answer
from liandong.work.inspections.entries import add_entry
from liandong.work.inspections.queries import brief, find_running
from liandong.work.problems.actions import Finding, find_problem

OUT_OF_REACH = frozenset({"kernel.not_found", "access.way_missing"})
"""What the gate says of a task that one is not on."""


@dataclass
class Performer:
    """Does the deeds of a run in their order. Answers to a checklist are told of together, once the run goes on."""

    session: AsyncSession
    actor: Actor
    _answers: list[Answer] = field(default_factory=list)

    async def do(self, deed: DeedIn) -> None:
        """What the deed says has been done, or will have been after `finish`.

        Raises    whatever the action refuses
        """
        said = _PAYLOADS[deed.kind].model_validate(deed.payload)
        try:
            await self._do(Doing(self.session, self.actor, deed), said)
        except Refused as error:
            if error.code not in OUT_OF_REACH:
                raise
            why = await reason_off(self.session, self.actor, deed.task_id) if deed.task_id else None
            raise why or error from error

    async def _do(self, doing: Doing, said: BaseModel) -> None:
        if isinstance(said, say.AnswerItem):
            await self._answer(doing, said)
            return
        await self.finish()
        await _DOES[type(said)](doing, said)

    async def _answer(self, doing: Doing, said: say.AnswerItem) -> None:
        visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
        given = said.model_dump(exclude={"inspection_id"})
        self._answers.append(inspections.read_answer(visit, **given, happened_at=doing.deed.happened_at))

    async def finish(self) -> None:
        """Nothing that was done waits to be written."""
        answers, self._answers = self._answers, []
        await inspections.answer_items(self.session, answers)


async def _accept(doing: Doing, said: say.AcceptTask) -> None:
    task = await find_task(doing.session, doing.actor, doing.deed.task, "tasks:accept", lock=True)
    if doing.actor.officer_id is None:
        raise Refused("officers.not_an_officer")
    await accept_task(doing.session, task, doing.actor.officer_id, doing.deed.happened_at)


async def _arrive(doing: Doing, said: say.ArriveOnSite) -> None:
    session, deed = doing.session, doing.deed
    task = await find_task(session, doing.actor, deed.task, "inspections:carry_out", lock=True)
    sent = await officers_on(session, task.id)
    present = said.officer_ids if said.officer_ids is not None else sent
    if not set(present) <= set(sent):
        raise Refused("inspections.officer_not_sent")
    visit = inspections.Visit(task.id, task.area_code, task.kind, task.mode, task.source_id)
    where = inspections.Place(deed.lon, deed.lat, deed.accuracy_m)
    await inspections.begin_inspection(session, visit, said.inspection_id, present, where, deed.happened_at)
    _put_on_map(doing, task.area_code)


def _put_on_map(doing: Doing, area_code: str) -> None:
    deed, officer_id = doing.deed, doing.actor.officer_id
    if officer_id is None or deed.lon is None or deed.lat is None:
        return
    at_ms = milliseconds(deed.happened_at)
    # an arrival by a clock that runs ahead stands, but on the map it would hide every position until then
    where = Point(officer_id, Kind.officer, area_code, deed.task, at_ms, deed.lon, deed.lat, deed.accuracy_m)
    put_on_map(doing.session, where)


async def _add_photo(doing: Doing, said: say.AddPhoto) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    await inspections.add_photo(doing.session, visit, item_of(doing, said, visit.area_code))


async def _find_problem(doing: Doing, said: say.FindProblem) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    finding = Finding(**said.model_dump(exclude={"inspection_id"}))
    await find_problem(doing.session, await brief(doing.session, visit), finding, doing.deed.happened_at)


async def _sign(doing: Doing, said: say.SignInspection) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    signing = inspections.Signing(**said.model_dump(exclude={"inspection_id"}))
    await inspections.sign_inspection(doing.session, visit, signing, doing.deed.happened_at)


async def _enter(doing: Doing, said: Entry) -> None:
    """Entries are kept as they were said: what the phone sealed is what the record holds."""
    deed = doing.deed
    visit = await find_running(doing.session, doing.actor, said.inspection_id, deed.task)
    content = {name: value for name, value in deed.payload.items() if name != "inspection_id"}
    await add_entry(doing.session, visit, deed.kind, deed.id, content, deed.happened_at)


async def _submit(doing: Doing, said: say.SubmitInspection) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    await inspections.submit_inspection(doing.session, visit, said.conclusion, said.ended_at)


_DOES: dict[type[BaseModel], Callable[[Doing, Any], Awaitable[None]]] = {
    say.AcceptTask: _accept,
    say.ArriveOnSite: _arrive,
    say.AddPhoto: _add_photo,
    say.FindProblem: _find_problem,
    say.SignInspection: _sign,
    say.SubmitInspection: _submit,
    **site_deeds.DOES,
    **referral_deeds.DOES,
    **dict.fromkeys(ENTRIES.values(), _enter),
}
_PAYLOADS: dict[str, type[BaseModel]] = {**say.PAYLOADS, **site_deeds.PAYLOADS, **referral_deeds.PAYLOADS, **ENTRIES}
