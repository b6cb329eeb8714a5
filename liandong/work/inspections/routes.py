"""HTTP routes of the inspections room. A visit is written by the phone's deeds; here it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from liandong.kernel import blobs
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.means.evidence.queries import Arrival, arrivals, of_inspection, shown
from liandong.registers import law
from liandong.registers.access.door import Acting, Signed
from liandong.registers.officers.queries import names
from liandong.registers.sources.queries import source_names
from liandong.work.inspections.entries import entries_of
from liandong.work.inspections.queries import (
    answers_of,
    find_inspection,
    samples_of,
    signatures_of,
    support_of,
    visible_inspections,
)
from liandong.work.inspections.returns import Comment, return_record, returns_of
from liandong.work.inspections.schemas import (
    AnswerOut,
    CommentsIn,
    EntryOut,
    InspectionBrief,
    InspectionOut,
    OfficerPresent,
    ReturnOut,
    SampleFieldOut,
    SampleOut,
    SignatureOut,
    SupportOut,
)
from liandong.work.inspections.tables import Inspection, Sample

router = APIRouter(prefix="/inspections", tags=["inspections"], responses=ERRORS)


async def briefs_out(signed: Acting, inspections: Sequence[Inspection]) -> list[InspectionBrief]:
    """Visits in short, with the names of officers and sources."""
    people = await names(signed.session, {who for visit in inspections for who in visit.officer_ids})
    named = await source_names(signed.session, {visit.source_id for visit in inspections if visit.source_id})
    photos = await arrivals(signed.session, [visit.id for visit in inspections])
    found = []
    for visit in inspections:
        brief = InspectionBrief.model_validate(visit)
        brief.source_name = named.get(visit.source_id) if visit.source_id else None
        brief.officers = [OfficerPresent(id=who, name=people.get(who, "")) for who in visit.officer_ids]
        brief.photo_count, brief.arrived_photo_count = vars(photos.get(visit.id, Arrival())).values()
        found.append(brief)
    return found


def sample_out(sample: Sample, on: date) -> SampleOut:
    """A sample with its fields in the words of the rules of that day."""
    shown, rules = SampleOut.model_validate(sample), law.site_rules(on=on)
    medium = law.sampled_medium(sample.medium, on=on)
    shown.medium_zh = medium.zh if medium else sample.medium
    shown.medium_en = medium.en if medium else sample.medium
    shown.standard = medium.standard if medium else ""
    shown.fields = [
        SampleFieldOut(key=one.key, zh=one.zh, en=one.en, value=shown.said[one.key])
        for one in rules.sampling_fields
        if one.key in shown.said
    ]
    return shown


@router.get("")
async def list_inspections(
    signed: Signed, source_id: UUID | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[InspectionBrief]:
    """Visits this actor may see, newest first."""
    rows = visible_inspections(signed.actor, source_id)
    visits, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=await briefs_out(signed, visits), total=total, next_cursor=following)


@router.get("/{inspection_id}")
async def read_inspection(signed: Signed, inspection_id: UUID) -> InspectionOut:
    """One visit with everything recorded in it."""
    session, actor = signed.session, signed.actor
    visit = await find_inspection(session, actor, inspection_id)
    brief = (await briefs_out(signed, [visit]))[0]
    whole = InspectionOut.model_validate(visit)
    whole.source_name, whole.officers = brief.source_name, brief.officers
    whole.photo_count, whole.arrived_photo_count = brief.photo_count, brief.arrived_photo_count
    whole.answers = [AnswerOut.model_validate(given) for given in await answers_of(session, actor, visit.id)]
    whole.photos = await shown(session, await of_inspection(session, actor, visit.id))
    whole.signatures = [SignatureOut.model_validate(sign) for sign in await signatures_of(session, actor, visit.id)]
    whole.returns = [ReturnOut.model_validate(one) for one in await returns_of(session, visit.id)]
    whole.samples = [sample_out(one, visit.inspected_on) for one in await samples_of(session, actor, visit.id)]
    support = await support_of(session, actor, visit.id)
    whole.support = SupportOut.model_validate(support) if support else None
    whole.entries = [EntryOut.model_validate(one) for one in await entries_of(session, actor, visit.id)]
    return whole


@router.post("/{inspection_id}/comments", status_code=201)
async def post_comments(signed: Signed, inspection_id: UUID, body: CommentsIn) -> ReturnOut:
    """Return a submitted record with comments."""
    visit = await find_inspection(signed.session, signed.actor, inspection_id, "inspections:return")
    comments = [Comment(**comment.model_dump()) for comment in body.comments]
    return ReturnOut.model_validate(await return_record(signed.session, signed.actor, visit, comments))


@router.get("/{inspection_id}/signatures/{signature_id}", response_class=Response)
async def read_signature(signed: Signed, inspection_id: UUID, signature_id: UUID) -> Response:
    """The drawn signature as a PNG picture."""
    visit = await find_inspection(signed.session, signed.actor, inspection_id)
    for signature in await signatures_of(signed.session, signed.actor, visit.id):
        if signature.id == signature_id and signature.sha256:
            return Response(await blobs.fetch(signature.sha256), media_type="image/png")
    raise Refused("kernel.not_found")
