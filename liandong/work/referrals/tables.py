"""Tables of the referrals room."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Referral(Scoped, Base):
    """A clue told to a neighbour (线索通报): what was told, by whom to whom, by when an answer is due, and what came of it.

    It lies in the sender's area and belongs to the receiver's as well (`parties`). What it says of the clue is what was told;
    the petitioner is never told. `answer_rule` is the rule as it stood when it was sent. `designated_area` is whose the clue
    is by the superior's word. `outcome` is what became of the clue where it was handled.
    """

    __tablename__ = "referral"
    task_key: ClassVar[str | None] = None
    parties_key: ClassVar[str | None] = "parties"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    clue_id: Mapped[UUID] = mapped_column(ForeignKey("clue.id"), index=True)
    clue_number: Mapped[str]
    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memorandum.id"))
    to_area: Mapped[str] = mapped_column(ForeignKey("area.area_code"))
    parties: Mapped[list[str]]
    kind: Mapped[str]
    element: Mapped[str | None]
    description: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    evidence_ids: Mapped[list[UUID]]
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    sent_at: Mapped[datetime]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sender_name: Mapped[str]
    answer_by_at: Mapped[datetime]
    answer_rule: Mapped[dict[str, Any]]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    reason: Mapped[str | None]
    escalated_at: Mapped[datetime | None]
    designated_area: Mapped[str | None] = mapped_column(ForeignKey("area.area_code"))
    outcome: Mapped[str | None]
    outcome_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("to_area <> area_code AND parties = ARRAY[to_area]", name="two_parties"),
        CheckConstraint("(state = 'designated') = (designated_area IS NOT NULL)", name="designated_to_somebody"),
        CheckConstraint("state NOT IN ('returned', 'asked') OR reason IS NOT NULL", name="no_return_without_reason"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_position"),
        # a clue is offered to one neighbour at a time
        Index(
            "uq_referral_open", "clue_id", unique=True,
            postgresql_where=text("state IN ('sent', 'escalated', 'asked')"),
        ),
        # whoever received a clue does not hand it on
        Index(
            "uq_referral_moved", "clue_id", unique=True,
            postgresql_where=text("state IN ('accepted', 'asked', 'designated')"),
        ),
        Index("ix_referral_parties", "parties", postgresql_using="gin"),
    )  # fmt: skip
