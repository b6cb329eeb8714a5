"""Tables of the problems room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Problem(Scoped, Base):
    """Something wrong at a source (问题), struck off the list only when it has been put right (逐一销号).

    `basis` is the legal basis as it stood on the day it was found. `task_id` is the task it hangs from: the one it
    was found in, later the look-back's. `on_spot_at` is when it was put right before the officers left (当场整改), by
    the device's clock, and `on_spot_confirmed_by` who answered for that; both stay whatever becomes of the claim.

    Basis     行政处罚法 §28 (责令改正)
    """

    __tablename__ = "problem"
    source_key: ClassVar[str | None] = "source_id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    element: Mapped[str]
    severity: Mapped[str]
    description: Mapped[str]
    basis: Mapped[dict[str, Any] | None]
    requirement: Mapped[str | None]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"), index=True)
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    found_at: Mapped[datetime]
    found_on: Mapped[date]
    found_by: Mapped[list[UUID]]
    rectify_by_on: Mapped[date | None]
    ordered_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None]
    rectified_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    on_spot_at: Mapped[datetime | None]
    on_spot_confirmed_by: Mapped[str | None]
    relapse_count: Mapped[int] = mapped_column(default=0)
    # a visit is written before the problems found in it, though both may be new in one transaction
    _inspection = relationship("Inspection", lazy="raise")
    __table_args__ = (
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_when"),
        CheckConstraint("state NOT IN ('ordered', 'claimed') OR rectify_by_on IS NOT NULL", name="ordered_by_when"),
        CheckConstraint("(on_spot_at IS NULL) = (on_spot_confirmed_by IS NULL)", name="on_spot_confirmed"),
        Index("ix_problem_open", "area_code", "rectify_by_on", postgresql_where=text("state <> 'settled'")),
    )


class EntryScore(Scoped, Base):
    """How well a problem was entered (问题录入质量): 0 to 100, by which rules, what was lost and why, by whom.

    Shape of `lost`: `[{rule, field, points, why_zh, why_en}]`. Computed anew whenever evidence arrives.
    """

    __tablename__ = "entry_score"
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    found_on: Mapped[date]
    score: Mapped[float]
    lost: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rules_version: Mapped[int]
    scored_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    recorder_name: Mapped[str]
    agency_id: Mapped[UUID | None]
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="of_a_hundred"),
        Index("ix_entry_score_day", "area_code", "found_on"),
        Index("ix_entry_score_recorder", "recorded_by", "found_on"),
    )


class ProblemMove(Scoped, Base):
    """One move of a problem: who, when, in which words and on which evidence."""

    __tablename__ = "problem_move"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    verb: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[UUID | None]
    mover_name: Mapped[str]
    words: Mapped[str | None]
    evidence_ids: Mapped[list[UUID]]


class LookBack(Scoped, Base):
    """A look-back (回头看) at a closed problem: scheduled for a day, later held with an outcome."""

    __tablename__ = "look_back"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    due_on: Mapped[date]
    due_rule: Mapped[dict[str, Any] | None]
    held_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("(held_at IS NULL) = (outcome IS NULL)", name="held_with_outcome"),
        Index("uq_look_back_open", "problem_id", unique=True, postgresql_where=text("held_at IS NULL")),
    )
