"""出发前准备: everything that an officer needs of a task when there is no signal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from liandong.api.addresses import public_address
from liandong.api.enterprise_file import EnterpriseFile, enterprise_file
from liandong.api.pack_place import (
    PermitOut,
    ProvisionOut,
    SurroundingsOut,
    law_texts,
    permit_of,
    surroundings,
)
from liandong.kernel.canonical import plain
from liandong.kernel.clock import beijing_today
from liandong.kernel.http import ERRORS
from liandong.means.documents.forms import asked_by
from liandong.registers import law
from liandong.registers.access.door import Signed
from liandong.registers.jurisdictions.queries import agency_of
from liandong.registers.officers.queries import list_officers
from liandong.work.dispatch.passes import pass_for, token_of
from liandong.work.dispatch.queries import find_task
from liandong.work.dispatch.routes import tasks_out
from liandong.work.dispatch.schemas import TaskOut

router = APIRouter(tags=["phone"], responses=ERRORS)


class ChecklistItemOut(BaseModel):
    """One question of a checklist. 是 means in order; nothing is ticked beforehand.

    `element` is that of the problem it suggests; on a list for a kind of source it may differ from the list's.
    """

    key: str
    text: str
    help: str
    basis: str
    suggests_problem: str
    element: str


class ChecklistOut(BaseModel):
    """A checklist as it is in force today. Answers name it by its key; the key of an element's list is the element."""

    key: str
    element: str
    title: str
    version: str
    items: list[ChecklistItemOut]


class ProblemBasisOut(BaseModel):
    """What a problem can rest on, and how sure that is."""

    key: str
    element: str
    title: str
    text: str
    status: str
    doubts: list[str]
    note: str | None
    provisions: list[str] = []


class RectifyDefault(BaseModel):
    """The deadline that is proposed, and the rule it comes from."""

    rectify_by_on: date
    rule: dict[str, Any]


class VisitPassOut(BaseModel):
    """The address that this officer's phone shows as a code; it opens until `expires_at`."""

    url: str
    expires_at: datetime


class OfficerCard(BaseModel):
    """An officer on the task as the certificate has him: what is shown on arrival (亮证)."""

    id: UUID
    name: str
    agency: str
    certificate: str | None
    valid_from_on: date | None
    valid_to_on: date | None


class QuestionOut(BaseModel):
    """A ready-made question of an interview."""

    key: str
    topic: str
    text: str


class FieldPack(BaseModel):
    """What a phone keeps for one task: the checklists that fit it first, the others for what turns up on site.

    `entry_quality` are the rules that a problem is scored by while it is typed: see `law.entry_rules_json`;
    `site_records` is what may be recorded on site, and within which limits: see `law.site_rules_json`. `law_texts` are
    the provisions that the bases rest on, as far as the rulebook has them. `told` is what the forms of papers have the
    party told, by form: first who has come, then its rights and duties.
    """

    task: TaskOut
    enterprise_file: EnterpriseFile | None
    checklists: list[ChecklistOut]
    other_checklists: list[ChecklistOut] = []
    problem_bases: list[ProblemBasisOut]
    rectify_default: RectifyDefault
    entry_quality: dict[str, Any]
    site_records: dict[str, Any]
    permit: PermitOut | None = None
    law_texts: list[ProvisionOut] = []
    surroundings: SurroundingsOut | None = None
    visit_pass: VisitPassOut | None = None
    officers: list[OfficerCard] = []
    interview_questions: list[QuestionOut] = []
    told: dict[str, list[str]] = {}


def checklists_out(lists: Iterable[law.Checklist]) -> list[ChecklistOut]:
    """Checklists as the wire carries them."""
    return [
        ChecklistOut(
            key=one.key,
            element=one.element,
            title=one.title,
            version=str(one.version),
            items=[
                ChecklistItemOut(
                    key=item.key,
                    text=item.text,
                    help=item.help,
                    basis=item.cite,
                    suggests_problem=item.suggests_problem,
                    element=item.element,
                )
                for item in one.items
            ],
        )
        for one in lists
    ]


def facts_of(file: EnterpriseFile | None) -> law.SourceFacts:
    """What decides the checklists of a task's source; nothing if it has none."""
    if file is None:
        return law.SourceFacts()
    return law.SourceFacts(tuple(file.source.elements), file.source.industry_code, file.source.object_kind)


def bases_out(on: date, area: str) -> list[ProblemBasisOut]:
    """Every problem basis in force on a day in an area."""
    return [
        ProblemBasisOut(
            key=basis.key,
            element=basis.element,
            title=basis.title,
            text=basis.cite,
            status=basis.status,
            doubts=list(basis.doubts),
            note=basis.note,
            provisions=[one.key for one in basis.basis],
        )
        for basis in law.problem_bases(on=on, area=area)
    ]


@router.get("/checklists")
async def checklists(signed: Signed) -> list[ChecklistOut]:
    """Every checklist in force today."""
    return checklists_out(law.checklists(on=beijing_today()))


@router.get("/problem-bases")
async def problem_bases(signed: Signed) -> list[ProblemBasisOut]:
    """Every problem basis in force today where the actor's agency stands."""
    return bases_out(beijing_today(), signed.actor.home_area)


@router.get("/tasks/{task_id}/pack")
async def field_pack(request: Request, signed: Signed, task_id: UUID) -> FieldPack:
    """What a phone needs of a task to work without signal."""
    task = await find_task(signed.session, signed.actor, task_id)
    today = beijing_today()
    proposed = law.deadline("rectification.default", today, area=task.area_code)
    file = await enterprise_file(signed, task.source_id) if task.source_id else None
    bases = bases_out(today, task.area_code)
    around = None
    if task.lon is not None and task.lat is not None:
        around = await surroundings(signed, task.lon, task.lat, task.area_code)
    offered = law.checklists_for(facts_of(file), task.matters, on=today)
    shown = (await tasks_out(signed, [task]))[0]
    held = await pass_for(signed.session, task.id, signed.actor.officer_id)
    return FieldPack(
        task=shown,
        enterprise_file=file,
        checklists=checklists_out(offered),
        other_checklists=checklists_out(one for one in law.checklists(on=today) if one not in offered),
        problem_bases=bases,
        rectify_default=RectifyDefault(rectify_by_on=proposed.due_on, rule=plain(law.stamp(proposed))),
        entry_quality=law.entry_rules_json(law.entry_rules(on=today)),
        site_records=law.site_rules_json(law.site_rules(on=today)),
        permit=permit_of(file.source if file else None),
        law_texts=law_texts(key for basis in bases for key in basis.provisions),
        surroundings=around,
        visit_pass=held and VisitPassOut(url=public_address(request, token_of(held.id)), expires_at=held.expires_at),
        officers=await _cards(signed, [officer.id for officer in shown.officers]),
        interview_questions=[
            QuestionOut(key=one.key, topic=one.topic, text=one.text)
            for one in law.interview_questions(task.matters, on=today)
        ],
        told={form: asked_by(form, today) for form in ("inspection_record", "interview_record")},
    )


async def _cards(signed: Signed, officer_ids: list[UUID]) -> list[OfficerCard]:
    entries = {entry.id: entry for entry in await list_officers(signed.session, ids=officer_ids)}
    agencies = {one: (await agency_of(signed.session, one)).name for one in {e.agency_id for e in entries.values()}}
    cards = []
    for entry in (entries[one] for one in officer_ids):
        held = entry.certificate
        cards.append(
            OfficerCard(
                id=entry.id,
                name=entry.name,
                agency=agencies[entry.agency_id],
                certificate=held.number if held else None,
                valid_from_on=held.valid_from_on if held else None,
                valid_to_on=held.valid_to_on if held else None,
            )
        )
    return cards
