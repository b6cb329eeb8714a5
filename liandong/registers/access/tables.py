"""Tables of the access room."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Account(Base):
    """Somebody who can sign in. The password is kept as an argon2id hash only."""

    __tablename__ = "account"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"), unique=True)
    roles: Mapped[list[str]]
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class SignInSession(Base):
    """One sign-in. The token itself is never stored, only its SHA-256."""

    __tablename__ = "sign_in_session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TaskGrant(Base):
    """Sight of one task, and of the file of its source, given to one officer until `ended_at`."""

    __tablename__ = "task_grant"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_task_grant_open", "officer_id", "task_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class AllyGrant(Base):
    """What a memorandum grants to an area, from day to day: `what` is one of its mechanisms or of what it shares.

    It holds while the day lies in its term and nobody has ended it: expiry needs no deed.
    """

    __tablename__ = "ally_grant"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memorandum.id"), index=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)
    what: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date]
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="term_in_order"),
        Index(
            "uq_ally_grant_open", "memorandum_id", "area_code", "what", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip
