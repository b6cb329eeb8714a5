"""Tables of the access room, and the mixin that every guarded table inherits."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Scoped:
    """A guarded row: it lies in an area, and may hang from a task.

    The gate and row-level security let it be seen from its area, from above, and by whoever is on that task.
    `task_key` names the column that holds the task; `source_key` the column that holds a pollution source whose
    file officers on a task there may open.
    """

    task_key: ClassVar[str | None] = "task_id"
    source_key: ClassVar[str | None] = None

    @declared_attr
    def area_code(cls) -> Mapped[str]:
        """The county-level division the row lies in."""
        return mapped_column(ForeignKey("area.area_code"), index=True)


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
