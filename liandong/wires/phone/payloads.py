"""What each kind of deed says, as the phone sends it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from liandong.wires.phone.frame import Sha256


class Payload(BaseModel):
    """Base of every payload: what it does not know it does not take."""

    model_config = ConfigDict(extra="forbid")


class AcceptTask(Payload):
    """The officer has read the task."""


class ArriveOnSite(Payload):
    """The visit begins. `officer_ids` are who is there; left out, everybody who was sent."""

    inspection_id: UUID
    officer_ids: list[UUID] | None = Field(None, max_length=20)


class AnswerItem(Payload):
    """An item of a checklist is answered. `element` is the checklist's key, which for an element's list is the element."""

    inspection_id: UUID
    element: str
    item_key: str
    answer: Literal["yes", "no", "not_applicable"]
    note: str | None = Field(None, max_length=2000)


class EvidenceTaken(Payload):
    """Something was taken as evidence; its bytes travel apart. With `size` and `media_type` it need not wait for them."""

    inspection_id: UUID
    sha256: Sha256
    purpose: str = Field(min_length=1, max_length=500)
    caption: str | None = Field(None, max_length=500)
    taken_at: AwareDatetime
    problem_id: UUID | None = None
    size: int | None = Field(None, gt=0)
    media_type: str | None = Field(None, max_length=100)


class AddPhoto(EvidenceTaken):
    """A photo was taken."""


class FindProblem(Payload):
    """Something is wrong."""

    inspection_id: UUID
    problem_id: UUID
    element: Literal["air", "water", "noise", "solid_waste", "permit", "construction"]
    severity: Literal["minor", "major", "severe"]
    description: str = Field(min_length=1, max_length=4000)
    basis_key: str | None = None
    rectify_by_on: date | None = None
    requirement: str | None = Field(None, max_length=2000)


class SignInspection(Payload):
    """Somebody signed on glass, or refused to: the record of the visit, or with `interview_id` that of an interview."""

    inspection_id: UUID
    interview_id: UUID | None = None
    signer: Literal["officer", "manager", "interviewee"]
    signer_name: str = Field(min_length=1, max_length=50)
    officer_id: UUID | None = None
    sha256: Sha256 | None = None
    is_refused: bool = False
    refusal_reason: str | None = Field(None, max_length=500)
    witness: str | None = Field(None, min_length=1, max_length=200)
    pages_seen: int | None = Field(None, ge=1, le=500)


class SubmitInspection(Payload):
    """The visit is over."""

    inspection_id: UUID
    conclusion: str = Field(min_length=1, max_length=4000)
    ended_at: AwareDatetime


PAYLOADS: dict[str, type[Payload]] = {
    "accept_task": AcceptTask,
    "arrive_on_site": ArriveOnSite,
    "answer_item": AnswerItem,
    "add_photo": AddPhoto,
    "find_problem": FindProblem,
    "sign_inspection": SignInspection,
    "submit_inspection": SubmitInspection,
}
