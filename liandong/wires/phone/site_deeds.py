"""Deeds of what is recorded and put right on site beyond answers, photos and problems: what each says, what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from liandong.means.evidence.queries import require_all
from liandong.wires.phone.doing import Doing, item_of
from liandong.wires.phone.payloads import EvidenceTaken, Payload
from liandong.work.inspections.queries import find_running
from liandong.work.inspections.recordings import Taken, add_recording, take_sample
from liandong.work.inspections.support import Support, note_support
from liandong.work.problems.on_spot import OnSpot, rectify_on_spot
from liandong.work.problems.queries import find_problem


class Sketch(Payload):
    """How a sketch was drawn: strokes as lists of x, y, x, y … and stamps, in whole pixels of its sheet."""

    width: int = Field(ge=1, le=10_000)
    height: int = Field(ge=1, le=10_000)
    strokes: list[Annotated[list[int], Field(max_length=4000)]] = Field([], max_length=2000)
    stamps: list[tuple[int, int, str]] = Field([], max_length=200)


class RectifyOnSpot(Payload):
    """A problem was ordered to be put right at once, and was. `evidence_ids` are the deeds of the photos that show it."""

    inspection_id: UUID
    problem_id: UUID
    requirement: str = Field(min_length=1, max_length=2000)
    ordered_at: AwareDatetime
    statement: str = Field(min_length=1, max_length=2000)
    confirmed_by: str = Field(min_length=1, max_length=50)
    evidence_ids: list[UUID] = Field(min_length=1, max_length=50)


class AddRecording(EvidenceTaken):
    """A video, a voice note or a sketch was made; the sketch says how it was drawn."""

    kind: Literal["video", "voice_note", "sketch"]
    length_s: int | None = Field(None, ge=0, le=86_400)
    sketch: Sketch | None = None


class TakeSample(Payload):
    """A sample was taken. `said` are the rulebook's fields by their keys."""

    inspection_id: UUID
    medium: str = Field(max_length=50)
    said: dict[str, Annotated[str, Field(max_length=500)]] = Field(max_length=40)
    party_present: str | None = Field(None, max_length=50)
    note: str | None = Field(None, max_length=1000)


class Material(Payload):
    """What was handed out, and how many."""

    name: str = Field(min_length=1, max_length=100)
    count: int = Field(ge=1, le=100_000)


class NoteSupport(Payload):
    """What an assistance or outreach visit was for."""

    inspection_id: UUID
    asked: str | None = Field(None, max_length=2000)
    advice: list[Annotated[str, Field(min_length=1, max_length=1000)]] = Field([], max_length=50)
    materials: list[Material] = Field([], max_length=50)
    people_count: int = Field(ge=0, le=100_000)


async def _rectify(doing: Doing, said: RectifyOnSpot) -> None:
    session, actor = doing.session, doing.actor
    visit = await find_running(session, actor, said.inspection_id, doing.deed.task)
    await session.flush()  # the problem and its photos may have come in the same batch
    problem = await find_problem(session, actor, said.problem_id, "problems:rectify_on_spot", lock=True)
    words = said.model_dump(include={"requirement", "ordered_at", "statement", "confirmed_by"})
    proofs = await require_all(session, actor, said.evidence_ids)
    await rectify_on_spot(session, actor, problem, visit.id, OnSpot(**words, done_at=doing.deed.happened_at), proofs)


async def _record(doing: Doing, said: AddRecording) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    sketch = said.sketch.model_dump(mode="json", exclude_unset=True) if said.sketch else {}
    details = {**sketch, **({} if said.length_s is None else {"length_s": said.length_s})}
    item = item_of(doing, said, visit.area_code, kind=said.kind, details=details or None)
    await add_recording(doing.session, visit, item)


async def _sample(doing: Doing, said: TakeSample) -> None:
    deed = doing.deed
    visit = await find_running(doing.session, doing.actor, said.inspection_id, deed.task)
    told = said.model_dump(exclude={"inspection_id"})
    await take_sample(
        doing.session, visit, Taken(deed.id, **told, sampled_at=deed.happened_at, lon=deed.lon, lat=deed.lat)
    )


async def _note(doing: Doing, said: NoteSupport) -> None:
    visit = await find_running(doing.session, doing.actor, said.inspection_id, doing.deed.task)
    support = Support(**said.model_dump(exclude={"inspection_id"}))
    await note_support(doing.session, visit, support, doing.deed.happened_at)


PAYLOADS: dict[str, type[Payload]] = {
    "rectify_on_spot": RectifyOnSpot,
    "add_recording": AddRecording,
    "take_sample": TakeSample,
    "note_support": NoteSupport,
}
DOES: dict[type[BaseModel], Callable[[Doing, Any], Awaitable[None]]] = {
    RectifyOnSpot: _rectify,
    AddRecording: _record,
    TakeSample: _sample,
    NoteSupport: _note,
}
