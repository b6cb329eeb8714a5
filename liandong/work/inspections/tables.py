"""Tables of the inspections room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Inspection(Scoped, Base):
    """A visit to a source by officers (现场检查).

    `officer_ids` are who took part; a visit made with this system has at least two. `inspected_on` is the Beijing
    day of the arrival. `origin` is `field` for visits made here and `import` for those of a loaded ledger.

    Basis     行政处罚法 §42 (执法人员不得少于两人)
    """

    __tablename__ = "inspection"
    source_key: ClassVar[str | None] = "source_id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    origin: Mapped[str]
    kind: Mapped[str]
    mode: Mapped[str]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"), index=True)
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    officer_ids: Mapped[list[UUID]]
    inspected_on: Mapped[date]
    arrived_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    conclusion: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("origin = 'import' OR cardinality(officer_ids) >= 2", name="two_officers"),
        Index("ix_inspection_day", "area_code", "inspected_on"),
    )


class ChecklistAnswer(Scoped, Base):
    """The answer to one item of a checklist. The last answer counts; each one given stays as a deed.

    `element` is the checklist's key: an element (要素), or a kind of source or matter such as `voc` or `farm`.
    """

    __tablename__ = "checklist_answer"
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    item_key: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    answer: Mapped[str]
    note: Mapped[str | None]
    checklist_version: Mapped[str]
    answered_at: Mapped[datetime]


class Sample(Scoped, Base):
    """A sample was taken (采样取证登记): one row a sample. Its `id` is that of the deed.

    `said` holds the fields of `rulebook/national/site_records.yaml` in force that day by their keys, as texts:
    point, method, container, preservative, quantity and others.

    Basis     案卷评查细则 2024 (采样取证登记单); the fields are unconfirmed
    """

    __tablename__ = "sample"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    medium: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sampler_name: Mapped[str]
    party_present: Mapped[str | None]
    note: Mapped[str | None]
    sampled_at: Mapped[datetime]
    lon: Mapped[float | None]
    lat: Mapped[float | None]


class SupportNote(Scoped, Base):
    """What an assistance or outreach visit (帮扶、普法) was for: asked, advised, handed out, to how many people.

    Advice is a list of words, and never a problem: such a visit finds none. Shape of `materials`: `[{name, count}]`.
    The last note of the device's clock counts; each one given stays as a deed.
    """

    __tablename__ = "support_note"
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    asked: Mapped[str | None]
    advice: Mapped[list[str]] = mapped_column(JSONB)
    materials: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    people_count: Mapped[int]
    noted_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("people_count >= 0", name="people_counted"),)


class RecordReturn(Scoped, Base):
    """A supervisor sent the record of a visit back with comments (退回). Shape of a comment: `{about, words}`.

    The record stands as it was submitted; what is put right is put right in the open, beside it.
    """

    __tablename__ = "record_return"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    comments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    returned_at: Mapped[datetime]
    returned_by: Mapped[UUID | None]
    returner_name: Mapped[str]


class VisitEntry(Scoped, Base):
    """Something said or stated in a visit beside its checklists (现场记载). Only added to: the latest of a kind counts.

    `id` is that of the deed that made it, `content` what the deed said. By `kind`: `show_certificate` (亮证),
    `record_particulars` (what the form of the 笔录 asks), `record_interview` (调查询问; the latest of each
    `interview_id`), `amend_record` (补正) and `resubmit_inspection`. Their shapes stand in `wires/phone/entries.py`.

    Basis     行政处罚法 §47, §55
    """

    __tablename__ = "visit_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    kind: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    said_at: Mapped[datetime]
    author_name: Mapped[str]


class Signature(Scoped, Base):
    """A signature on the record of a visit or of an interview in it, or the note that it was refused, and why.

    `pages_seen` counts the pages that the signer was shown one by one; `witness` saw the refusal.
    """

    __tablename__ = "signature"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    interview_id: Mapped[UUID | None]
    signer: Mapped[str]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    signer_name: Mapped[str]
    pages_seen: Mapped[int | None]
    witness: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    is_refused: Mapped[bool]
    refusal_reason: Mapped[str | None]
    signed_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("is_refused OR sha256 IS NOT NULL", name="signed_or_refused"),
        CheckConstraint("NOT is_refused OR refusal_reason IS NOT NULL", name="refusal_has_reason"),
    )
