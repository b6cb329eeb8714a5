"""Wire shapes of the video room."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

StreamKind = Literal["phone", "drone", "encoder", "camera"]


class StreamIn(BaseModel):
    """A stream to register. Without an area it lies in that of its task, else in the sender's own.

    It is recorded unless `is_recorded` says no; that stands for good.
    """

    kind: StreamKind
    title: str = Field(min_length=1, max_length=100)
    area_code: str | None = Field(None, max_length=12)
    task_id: UUID | None = None
    is_recorded: bool = True


class StreamOut(BaseModel):
    """A stream. `width` and `height` are pixels; `fault` is why the last attempt to send was turned away, in words.

    `recorded_until` is up to when it has been recorded, empty when nothing was in the last minute; `recording_fault` is why
    the last part was not kept.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    title: str
    state: str
    area_code: str
    agency_name: str = ""
    officer_name: str | None = None
    task_id: UUID | None
    codec: str | None
    width: int | None
    height: int | None
    fault: str | None
    fault_zh: str | None = None
    fault_en: str | None = None
    is_recorded: bool
    recorded_until: datetime | None = None
    recording_fault: str | None
    recording_fault_zh: str | None = None
    recording_fault_en: str | None = None
    registered_at: datetime
    live_at: datetime | None
    offline_at: datetime | None
    closed_at: datetime | None
    verbs: list[str] = []


class AddressOut(BaseModel):
    """One way to send or to watch."""

    model_config = ConfigDict(from_attributes=True)

    protocol: str
    url: str


class TicketOut(BaseModel):
    """A ticket as the addresses it opens, best first. It must be used before `expires_at`."""

    addresses: list[AddressOut]
    expires_at: datetime


class CloseStream(BaseModel):
    """Why a stream is closed."""

    reason: str = Field(min_length=1, max_length=500)


class FindingOut(BaseModel):
    """What is found on one leg: a code that a face puts into words, and the figures behind it.

    `fault_zh` and `fault_en` are the words of the refusal or loss that `figures.fault` names.
    """

    leg: Literal["sender", "ingest", "control", "store", "viewers"]
    level: Literal["good", "warn", "bad", "unknown"]
    code: str
    figures: dict[str, float | int | str | None]
    fault_zh: str | None = None
    fault_en: str | None = None


class DiagnosisOut(BaseModel):
    """Every leg of one stream as it was at `asked_at`."""

    stream_id: UUID
    asked_at: datetime
    findings: list[FindingOut]


class ViewingOut(BaseModel):
    """Who watched, from when to when; without an end they were seen watching at `seen_at`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    viewer_name: str
    agency_name: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None


class ClipIn(BaseModel):
    """A clip to file: the time it is to cover, by the clock of the picture.

    Where the picture broke off in between, the clip is refused; with `after_break` it begins where the picture came back.
    """

    model_config = ConfigDict(populate_by_name=True)

    since: AwareDatetime = Field(alias="from")
    until: AwareDatetime = Field(alias="to")
    after_break: bool = False


class FiledOut(BaseModel):
    """What was filed as evidence, and what time it really covers; of a single picture the moment it was shown."""

    model_config = ConfigDict(from_attributes=True)

    evidence_id: UUID
    sha256: str
    size: int
    began_at: datetime
    ended_at: datetime
    is_after_break: bool = False
