"""Tables of the phone's wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base


class Deed(Base):
    """What a phone did, as it was sent, and what became of it. The id is made by the phone.

    The same id with the same digest is a repeat; with another digest it is a conflict, kept beside the first. Where
    two officers share a phone, each one's deeds are his own: the sender is part of the key.
    """

    __tablename__ = "deed"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    outcome: Mapped[str]
    problem: Mapped[dict[str, Any] | None]
