"""Every change of the inspections room, one verb a function. `happened_at` is the device's clock throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_day, now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.geo import check_position, haversine_m
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import gather, hold, into, learn, recall, write_out
from liandong.kernel.numbers import next_number
from liandong.means.evidence import actions as evidence
from liandong.registers import law
from liandong.registers.officers.queries import OFFICERS_MINIMUM, certified, require_enough
from liandong.registers.sources.queries import place_of
from liandong.work.inspections.about import about_visit as _about
from liandong.work.inspections.about import require_open as _require_open
from liandong.work.inspections.entries import has_interview, last_particulars
from liandong.work.inspections.events import (
    Answered,
    ChecklistAnswered,
    InspectionBegun,
    InspectionSigned,
    InspectionSubmitted,
    PhotoAdded,
)
from liandong.work.inspections.states import INSPECTION_STATES, SUPPORT_KINDS
from liandong.work.inspections.support import require_enforcement, require_noted
from liandong.work.inspections.tables import ChecklistAnswer, Inspection, Signature, VisitEntry

ANSWERS = frozenset({"yes", "no", "not_applicable"})
ANSWERS_GIVEN = into(
    ChecklistAnswer,
    ("inspection_id", "element", "item_key"),
    "DO UPDATE SET answer = excluded.answer, note = excluded.note,"
    " answered_at = excluded.answered_at, checklist_version = excluded.checklist_version"
    " WHERE checklist_answer.answered_at <= excluded.answered_at",
)
SIGNATURES = into(Signature)


@dataclass(frozen=True)
class Visit:
    """The task that a visit carries out, as the phone's deed names it."""

    task_id: UUID
    area_code: str
    kind: str
    mode: str
    source_id: UUID | None


@dataclass(frozen=True)
class Place:
    """Where the device says it is: degrees WGS-84 and the radius of doubt in metres."""

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


async def begin_inspection(
    session: AsyncSession,
    visit: Visit,
    inspection_id: UUID,
    officer_ids: list[UUID],
    place: Place,
    happened_at: datetime,
) -> Inspection:
    """A visit has begun: who is there, where, how far from the source, at which minute of the device's clock.

    Raises    inspections.two_officers_required, officers.certificate_expired, kernel.position_out_of_range
    Announces InspectionBegun
    Basis     行政处罚法 §42, §55
    """
    day = beijing_day(happened_at)
    require_enough(officer_ids, "inspections.two_officers_required", on=day, area=visit.area_code)
    entries = await certified(session, officer_ids, day)
    inspection = Inspection(
        id=inspection_id,
        number=await next_number(session, "JC"),
        state=INSPECTION_STATES.first.value,
        origin="field",
        kind=visit.kind,
        mode=visit.mode,
        task_id=visit.task_id,
        source_id=visit.source_id,
        area_code=visit.area_code,
        officer_ids=officer_ids,
        inspected_on=day,
        arrived_at=happened_at,
        received_at=now(),
        lon=place.lon,
        lat=place.lat,
        accuracy_m=place.accuracy_m,
        distance_m=await _distance(session, visit.source_id, place),
    )
    session.add(inspection)
    hold(session, inspection)
    learn(session, (Signature, inspection.id), [])
    learn(session, (VisitEntry, inspection.id), {})  # nothing was said in it yet
    about = await _about(session, inspection, "")
    about["words"] = f"{'、'.join(entry.name for entry in entries)} 到达 {about['subject']['title']}"
    fact = InspectionBegun(
        **about,
        happened_at=happened_at,
        officer_ids=tuple(officer_ids),
        lon=place.lon,
        lat=place.lat,
        accuracy_m=place.accuracy_m,
        distance_m=inspection.distance_m,
    )
    await ledger.record(session, fact)
    return inspection


async def _distance(session: AsyncSession, source_id: UUID | None, place: Place) -> float | None:
    if place.lon is None or place.lat is None:
        return None
    check_position(place.lon, place.lat)
    lon, lat = await place_of(session, source_id) if source_id else (None, None)
    return None if lon is None or lat is None else round(haversine_m(place.lon, place.lat, lon, lat), 1)


@dataclass(frozen=True)
class Answer:
    """What was answered in a visit to an item of a checklist (its key), at which moment of the device's clock."""

    inspection: Inspection
    checklist: law.Checklist
    item_key: str
    answer: str
    note: str | None
    answered_at: datetime


def read_answer(
    inspection: Inspection, *, element: str, item_key: str, answer: str, note: str | None, happened_at: datetime
) -> Answer:
    """The answer that a running visit may be given; nothing is written yet.

    `element` is the checklist's key, or, from a phone that knows elements only, its element: see `law.checklist_item`.

    Raises    inspections.wrong_state, inspections.support_visit, inspections.answer_unknown, inspections.item_unknown
    """
    _require_open(inspection)
    require_enforcement(inspection)
    if answer not in ANSWERS:
        raise Invalid("inspections.answer_unknown", answer=answer)
    asked = law.checklist_item(element, item_key, on=inspection.inspected_on)
    if asked is None:
        raise Invalid("inspections.item_unknown", item=item_key, element=element)
    return Answer(inspection, asked[0], item_key, answer, note, happened_at)


async def answer_items(session: AsyncSession, answers: Sequence[Answer]) -> None:
    """Each item has its answer; a later one of the device's clock would replace it, an earlier one does not.

    Announces ChecklistAnswered: one a checklist, however many of its items were answered
    """
    lists: dict[tuple[UUID, str], list[Answer]] = {}
    for given in answers:
        gather(session, ANSWERS_GIVEN, _answer_row(given))
        lists.setdefault((given.inspection.id, given.checklist.key), []).append(given)
    for (_, key), group in lists.items():
        told = tuple(Answered(one.item_key, one.answer, one.answered_at) for one in group)
        about = await _about(session, group[0].inspection, _answered_words(group))
        last = max(one.answered_at for one in group)
        await ledger.record(session, ChecklistAnswered(**about, happened_at=last, element=key, answers=told))


def _answer_row(given: Answer) -> dict[str, Any]:
    return {
        "inspection_id": given.inspection.id,
        "element": given.checklist.key,
        "item_key": given.item_key,
        "task_id": given.inspection.task_id,
        "area_code": given.inspection.area_code,
        "answer": given.answer,
        "note": given.note,
        "answered_at": given.answered_at,
        "checklist_version": str(given.checklist.version),
    }


def _answered_words(group: Sequence[Answer]) -> str:
    failing = sum(one.answer == "no" for one in group)
    return f"{group[0].inspection.number} {group[0].checklist.title}：判定 {len(group)} 项，不符合 {failing} 项"


async def add_photo(session: AsyncSession, inspection: Inspection, item: evidence.Item) -> None:
    """The photo is sealed as evidence of the visit.

    Raises    inspections.wrong_state, evidence.file_missing
    Announces EvidenceSealed, PhotoAdded
    """
    _require_open(inspection)
    await session.flush()  # the visit and its problems are written before what hangs from them
    await evidence.seal(session, item)
    about = await _about(session, inspection, f"{inspection.number} 拍照：{item.purpose}")
    photo = PhotoAdded(**about, happened_at=item.taken_at, sha256=item.sha256, problem_id=item.problem_id)
    await ledger.record(session, photo)


@dataclass(frozen=True)
class Signing:
    """Somebody's signature on the record, or the refusal to give it."""

    signer: str
    signer_name: str
    officer_id: UUID | None = None
    sha256: str | None = None
    is_refused: bool = False
    refusal_reason: str | None = None
    witness: str | None = None
    pages_seen: int | None = None
    interview_id: UUID | None = None


async def sign_inspection(
    session: AsyncSession, inspection: Inspection, signing: Signing, happened_at: datetime
) -> None:
    """The signature, or the refusal with its reason, stands on the record.

    Raises    inspections.wrong_state, inspections.signer_unknown, inspections.refusal_without_reason,
              inspections.interview_unknown,
              inspections.officer_refused, evidence.file_missing
    Announces InspectionSigned
    Basis     行政处罚法 §55; 案卷评查细则 2024 (逐页签名, 拒签注明)
    """
    _require_open(inspection)
    if signing.signer not in ("officer", "interviewee" if signing.interview_id else "manager"):
        raise Invalid("inspections.signer_unknown", signer=signing.signer)
    if signing.signer == "officer" and (signing.is_refused or signing.officer_id not in inspection.officer_ids):
        raise Refused("inspections.officer_not_present")
    if signing.interview_id is not None and not await has_interview(session, inspection.id, signing.interview_id):
        raise Refused("inspections.interview_unknown")
    if signing.is_refused and not signing.refusal_reason:
        raise Invalid("inspections.refusal_without_reason")
    if not signing.is_refused and (not signing.sha256 or not await evidence.find_blob(session, signing.sha256)):
        raise Refused("evidence.file_missing", sha256=signing.sha256 or "—")
    signed = await _signatures(session, inspection)
    row = {
        "id": new_id(),
        "inspection_id": inspection.id,
        "task_id": inspection.task_id,
        "area_code": inspection.area_code,
        "signed_at": happened_at,
        **vars(signing),
    }
    gather(session, SIGNATURES, row)
    if signing.interview_id is None:
        signed.append((signing.signer, signing.officer_id))
    deed = "拒绝签字" if signing.is_refused else "签字"
    about = await _about(session, inspection, f"{signing.signer_name} {deed}（{inspection.number}）")
    fact = InspectionSigned(**about, happened_at=happened_at, signer=signing.signer, is_refused=signing.is_refused)
    await ledger.record(session, fact)


async def _signatures(session: AsyncSession, inspection: Inspection) -> list[tuple[str, UUID | None]]:
    """Who signed so far, as (signer, officer); asked for once, because the visit is held."""
    known: list[tuple[str, UUID | None]] | None = recall(session, (Signature, inspection.id))
    if known is None:
        await write_out(session)
        # past the gate: the visit itself is being carried out
        rows = select(Signature.signer, Signature.officer_id).where(
            Signature.inspection_id == inspection.id, Signature.interview_id.is_(None)
        )
        given = [(row.signer, row.officer_id) for row in await session.execute(rows)]
        known = learn(session, (Signature, inspection.id), given)
    return known


async def _require_signed(session: AsyncSession, inspection: Inspection, conclusion: str) -> None:
    signed = await _signatures(session, inspection)
    officers = len({officer_id for signer, officer_id in signed if signer == "officer"})
    managers = sum(signer == "manager" for signer, _ in signed)
    least = law.rule(OFFICERS_MINIMUM, on=inspection.inspected_on, area=inspection.area_code).number
    if officers < least or not managers:
        raise Refused("inspections.signatures_missing", officers=officers, managers=managers)
    if (await last_particulars(session, inspection.id)).get("conclusion") not in (None, conclusion):
        raise Refused("inspections.conclusion_changed")


async def submit_inspection(
    session: AsyncSession, inspection: Inspection, conclusion: str, ended_at: datetime
) -> Inspection:
    """The visit is over; its record is signed by two officers and by the manager, or notes the refusal.

    An assistance or outreach visit has no 笔录 to sign; it needs its note instead.

    Raises    inspections.wrong_state, inspections.ends_before_arrival, inspections.signatures_missing,
              inspections.support_note_missing, inspections.conclusion_changed: another one stood in the record that
              was signed
    Announces InspectionSubmitted
    Basis     行政处罚法 §42, §55
    """
    _require_open(inspection)
    if ended_at < inspection.arrived_at:
        raise Invalid("inspections.ends_before_arrival")
    if inspection.kind in SUPPORT_KINDS:
        await require_noted(session, inspection)
    else:
        await _require_signed(session, inspection, conclusion)
    INSPECTION_STATES.advance(inspection, "submit")
    inspection.conclusion, inspection.ended_at, inspection.submitted_at = conclusion, ended_at, now()
    about = await _about(session, inspection, "")
    about["words"] = f"{author_of(session).name} 提交检查 {inspection.number}：{about['subject']['title']}"
    await ledger.record(session, InspectionSubmitted(**about, happened_at=ended_at))
    return inspection
