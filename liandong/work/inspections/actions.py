"""Every change of the inspections room, one verb a function. `happened_at` is the device's clock throughout."""

from __future__ import annotations

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
from liandong.registers.sources.queries import place_of, source_name
from liandong.work.inspections.entries import has_interview, last_particulars
from liandong.work.inspections.events import (
    InspectionBegun,
    InspectionSigned,
    InspectionSubmitted,
    ItemAnswered,
    PhotoAdded,
)
from liandong.work.inspections.states import INSPECTION_STATES, InspectionState
from liandong.work.inspections.tables import ChecklistAnswer, Inspection, Signature

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


async def _about(session: AsyncSession, inspection: Inspection, words: str) -> dict[str, Any]:
    named = await source_name(session, inspection.source_id) if inspection.source_id else None
    return {
        "subject_id": inspection.id,
        "subject": {"number": inspection.number, "title": named or inspection.number},
        "area_code": inspection.area_code,
        "task_id": inspection.task_id,
        "words": words,
    }


async def begin_inspection(
    session: AsyncSession,
    visit: Visit,
    inspection_id: UUID,
    officer_ids: list[UUID],
    place: Place,
    happened_at: datetime,
) -> Inspection:
    """A visit has begun: who is there, where, how far from the source, at which minute of the device's clock.

    Raises    inspections.two_officers_required, officers.certificate_expired, kernel.position_off_earth
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


def _require_open(inspection: Inspection) -> None:
    INSPECTION_STATES.after(InspectionState(inspection.state), "submit")


async def answer_item(
    session: AsyncSession,
    inspection: Inspection,
    *,
    element: str,
    item_key: str,
    answer: str,
    note: str | None,
    happened_at: datetime,
) -> None:
    """The item has this answer; a later one of the device's clock would replace it, an earlier one does not.

    `element` is the checklist's key, or, from a phone that knows elements only, its element: see `law.checklist_item`.

    Raises    inspections.wrong_state, inspections.answer_unknown, inspections.item_unknown
    Announces ItemAnswered
    """
    _require_open(inspection)
    if answer not in ANSWERS:
        raise Invalid("inspections.answer_unknown", answer=answer)
    asked = law.checklist_item(element, item_key, on=inspection.inspected_on)
    if asked is None:
        raise Invalid("inspections.item_unknown", item=item_key, element=element)
    checklist, element = asked[0], asked[0].key
    row = {
        "inspection_id": inspection.id,
        "element": element,
        "item_key": item_key,
        "task_id": inspection.task_id,
        "area_code": inspection.area_code,
        "answer": answer,
        "note": note,
        "answered_at": happened_at,
        "checklist_version": str(checklist.version),
    }
    gather(session, ANSWERS_GIVEN, row)
    about = await _about(session, inspection, f"{inspection.number} 检查项 {item_key}")
    fact = ItemAnswered(**about, happened_at=happened_at, element=element, item_key=item_key, answer=answer)
    await ledger.record(session, fact)


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


async def submit_inspection(
    session: AsyncSession, inspection: Inspection, conclusion: str, ended_at: datetime
) -> Inspection:
    """The visit is over; its record is signed by two officers and by the manager, or notes the refusal.

    Raises    inspections.wrong_state, inspections.ends_before_arrival, inspections.signatures_missing,
              inspections.conclusion_changed: another one stood in the record that was signed
    Announces InspectionSubmitted
    Basis     行政处罚法 §42, §55
    """
    _require_open(inspection)
    if ended_at < inspection.arrived_at:
        raise Invalid("inspections.ends_before_arrival")
    signed = await _signatures(session, inspection)
    officers = len({officer_id for signer, officer_id in signed if signer == "officer"})
    managers = sum(signer == "manager" for signer, _ in signed)
    least = law.rule(OFFICERS_MINIMUM, on=inspection.inspected_on, area=inspection.area_code).number
    if officers < least or not managers:
        raise Refused("inspections.signatures_missing", officers=officers, managers=managers)
    await write_out(session)
    if (await last_particulars(session, inspection.id)).get("conclusion") not in (None, conclusion):
        raise Refused("inspections.conclusion_changed")
    INSPECTION_STATES.advance(inspection, "submit")
    inspection.conclusion, inspection.ended_at, inspection.submitted_at = conclusion, ended_at, now()
    about = await _about(session, inspection, "")
    about["words"] = f"{author_of(session).name} 提交检查 {inspection.number}：{about['subject']['title']}"
    await ledger.record(session, InspectionSubmitted(**about, happened_at=ended_at))
    return inspection
