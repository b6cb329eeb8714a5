"""Tables of the trackers room."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Tracker(Scoped, Base):
    """A device that reports positions by an open protocol: a vehicle's, a boat's, an aircraft's, or an officer's own.

    An officer's belongs to his account, reports only what his phone might report too, and hears what the account may
    see. The key is kept as its SHA-256 only; a closed device's key opens nothing.
    """

    __tablename__ = "tracker"
    task_key: ClassVar[str | None] = None
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    title: Mapped[str]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    key_hash: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    __table_args__ = (CheckConstraint("(kind = 'officer') = (account_id IS NOT NULL)", name="belongs_to_somebody"),)
