"""Tables of the alliances room."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Memorandum(Scoped, Base):
    """A memorandum (备忘录) of neighbouring authorities: goals, principles, works, mechanisms, what they show each other, and its term.

    It lies in the area of whoever drafted it and belongs to all its members (`parties`). `text_digest` is the SHA-256 of
    the text that the members were offered: whoever signs names it. `edition` counts how often it was written. `holds_until_on` is the last day that it grants
    anything: that of its term, or an earlier one because another memorandum took its place. `band_m` is how wide the
    border zone is that it covers, in metres; without one the rulebook says.

    Source    四区生态环境执法联动工作备忘录
    """

    __tablename__ = "memorandum"
    task_key: ClassVar[str | None] = None
    parties_key: ClassVar[str | None] = "parties"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    edition: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    alliance: Mapped[str]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    parties: Mapped[list[str]]
    goals: Mapped[str]
    principles: Mapped[list[str]]
    works: Mapped[list[str]]
    mechanisms: Mapped[list[str]]
    shares: Mapped[list[str]]
    band_m: Mapped[float | None]
    from_on: Mapped[date]
    until_on: Mapped[date]
    holds_until_on: Mapped[date]
    state: Mapped[str] = mapped_column(index=True)
    text_digest: Mapped[str | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("memorandum.id"))
    drafted_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("from_on <= until_on AND holds_until_on <= until_on", name="term_in_order"),
        CheckConstraint("band_m > 0", name="band_has_width"),
        CheckConstraint("(state = 'draft') = (text_digest IS NULL) OR state = 'discarded'", name="offered_with_digest"),
        Index("ix_memorandum_parties", "parties", postgresql_using="gin"),
    )


class MemorandumMember(Base):
    """A member by one edition of a memorandum: who signed for it and which text, and until when it belongs to it.

    The signatures under an earlier edition are void and stay on record.
    """

    __tablename__ = "memorandum_member"
    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memorandum.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    seat: Mapped[int]
    signed_at: Mapped[datetime | None]
    signer_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signer_name: Mapped[str | None]
    signed_digest: Mapped[str | None]
    left_at: Mapped[datetime | None]
    leave_reason: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(
            "num_nulls(signed_at, signer_id, signer_name, signed_digest) IN (0, 4)", name="whole_signature"
        ),
    )
