"""What is recorded on site beside answers and photos: videos, voice notes and sketches, and samples that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.errors import FieldError, Invalid
from liandong.kernel.geo import check_position
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import gather, into, write_out
from liandong.means.evidence import actions as evidence
from liandong.registers import law
from liandong.work.inspections.about import about_visit, require_open
from liandong.work.inspections.events import RecordingAdded, SampleTaken
from liandong.work.inspections.support import require_enforcement
from liandong.work.inspections.tables import Inspection, Sample

SAMPLES = into(Sample)
NUMBER = "number"


async def add_recording(session: AsyncSession, inspection: Inspection, item: evidence.Item) -> None:
    """The video, voice note or sketch is sealed as evidence of the visit.

    Raises    inspections.wrong_state, and whatever `evidence.seal` refuses
    Announces EvidenceSealed, RecordingAdded
    """
    require_open(inspection)
    await session.flush()  # the visit and its problems are written before what hangs from them
    sealed = await evidence.seal(session, item)
    about = await about_visit(
        session, inspection, f"{inspection.number} {law.label(f'evidence.kind.{sealed.kind}')}：{item.purpose}"
    )
    added = RecordingAdded(
        **about, happened_at=item.taken_at, sha256=item.sha256, kind=sealed.kind, problem_id=item.problem_id
    )
    await ledger.record(session, added)


@dataclass(frozen=True)
class Taken:
    """A sample as the officer on site describes it. `said` are the rulebook's fields by key, as texts."""

    sample_id: UUID
    medium: str
    said: dict[str, str]
    sampled_at: datetime
    party_present: str | None = None
    note: str | None = None
    lon: float | None = None
    lat: float | None = None


async def take_sample(session: AsyncSession, inspection: Inspection, taken: Taken) -> None:
    """The sample is on record (采样取证登记), with every field that the rules of the day ask for.

    Raises    inspections.wrong_state, inspections.support_visit, inspections.medium_unknown,
              inspections.sample_incomplete: field by field, kernel.position_out_of_range
    Announces SampleTaken
    Basis     案卷评查细则 2024 (采样取证登记单)
    """
    require_open(inspection)
    require_enforcement(inspection)
    if law.sampled_medium(taken.medium, on=inspection.inspected_on) is None:
        raise Invalid("inspections.medium_unknown", medium=taken.medium)
    _require_fields(inspection, taken)
    if taken.lon is not None and taken.lat is not None:
        check_position(taken.lon, taken.lat)
    row = {
        "id": taken.sample_id,
        "inspection_id": inspection.id,
        "task_id": inspection.task_id,
        "area_code": inspection.area_code,
        "medium": taken.medium,
        "said": taken.said,
        "sampler_name": author_of(session).name,
        "party_present": taken.party_present,
        "note": taken.note,
        "sampled_at": taken.sampled_at,
        "lon": taken.lon,
        "lat": taken.lat,
    }
    await write_out(session)
    gather(session, SAMPLES, row)
    number = taken.said[NUMBER]
    about = await about_visit(session, inspection, f"{inspection.number} 采样 {number}")
    fact = SampleTaken(
        **about, happened_at=taken.sampled_at, sample_id=taken.sample_id, sample_number=number, medium=taken.medium
    )
    await ledger.record(session, fact)


def _require_fields(inspection: Inspection, taken: Taken) -> None:
    """Every field is one that the rules know, and none that they require is missing."""
    fields = {one.key: one for one in law.site_rules(on=inspection.inspected_on).sampling_fields}
    errors = [FieldError(f"said.{key}", "kernel.field_unknown") for key in taken.said if key not in fields]
    errors += [
        FieldError(f"said.{key}", "kernel.field_missing")
        for key, one in fields.items()
        if one.is_required and not taken.said.get(key, "").strip()
    ]
    if errors:
        raise Invalid("inspections.sample_incomplete", field_errors=errors)
