"""What the entries of a visit say beside its checklists: certificates shown, particulars, interviews, amendments."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Line = Annotated[str, Field(min_length=1, max_length=200)]
Talk = Annotated[str, Field(min_length=1, max_length=4000)]
Officers = Annotated[list[UUID], Field(min_length=1, max_length=20)]


class Entry(BaseModel):
    """Base of every entry: it belongs to a visit, and what it does not know it does not take."""

    model_config = ConfigDict(extra="forbid")

    inspection_id: UUID


class ShowCertificate(Entry):
    """The officers showed their certificates (亮证). `answer`: what the party said to it.

    Basis     行政处罚法 §55
    """

    officer_ids: Officers
    answer: Literal["confirmed", "silent", "disputed"]
    note: str | None = Field(None, max_length=500)


class RecordParticulars(Entry):
    """What the form of the 现场检查（勘察）笔录 asks of the party and the site; what is left out was not recorded.

    The whole of it each time: the latest counts. `rights` is what the party answered when told its rights.
    """

    manager_name: Line | None = None
    manager_age: int | None = Field(None, ge=14, le=120)
    manager_post: Line | None = None
    manager_phone: Line | None = None
    manager_identity: Line | None = None
    manager_relation: Line | None = None
    legal_person: Line | None = None
    recorder_id: UUID | None = None
    participants: str | None = Field(None, min_length=1, max_length=500)
    rights: Talk | None = None
    production: Talk | None = None
    conclusion: Talk | None = None


class Person(BaseModel):
    """Who is asked."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    sex: Literal["male", "female"] | None = None
    age: int | None = Field(None, ge=5, le=120)
    phone: Line | None = None
    identity: Line | None = None
    employer: Line | None = None
    post: Line | None = None
    relation: Line | None = None
    address: Line | None = None


class Asked(BaseModel):
    """A question and its answer. `key` names the ready-made question of the rulebook, if it was one."""

    model_config = ConfigDict(extra="forbid")

    key: str | None = Field(None, max_length=100)
    asked: Talk
    answered: Talk


class Correction(BaseModel):
    """What the asked person had corrected or added when reading it through; the signature on the page covers it."""

    model_config = ConfigDict(extra="forbid")

    was: Talk | None = None
    now: Talk


class RecordInterview(Entry):
    """调查询问: who was asked by whom, what was told, each question with its answer. The whole of it each time.

    Basis     行政处罚法 §42, §55
    """

    interview_id: UUID
    officer_ids: Officers
    recorder_id: UUID | None = None
    person: Person
    place: Line | None = None
    cause: Line | None = None
    badge: Talk | None = None
    rights: Talk | None = None
    questions: list[Asked] = Field(max_length=200)
    corrections: list[Correction] = Field([], max_length=50)
    service_address: Line | None = None
    began_at: AwareDatetime
    ended_at: AwareDatetime


class AmendRecord(Entry):
    """补正: what is added to a returned record, to which part, and why. What was signed stays as it was."""

    return_id: UUID
    about: Line
    words: Talk
    reason: Talk


class ResubmitInspection(Entry):
    """A returned record is handed in again with its amendments."""

    return_id: UUID


ENTRIES: dict[str, type[Entry]] = {
    "show_certificate": ShowCertificate,
    "record_particulars": RecordParticulars,
    "record_interview": RecordInterview,
    "amend_record": AmendRecord,
    "resubmit_inspection": ResubmitInspection,
}
