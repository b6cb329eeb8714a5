"""Tables of the evidence room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Blob(Base):
    """A file that is in the store under its digest (SHA-256 of its bytes). Files of one content are one blob."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    stored_at: Mapped[datetime]
    stored_by: Mapped[UUID | None]
    __table_args__ = (CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest_form"),)


class Evidence(Scoped, Base):
    """A sealed item of evidence: the digest of the untouched original, who took it, when, where and to prove what.

    `taken_at` is the device's clock, `received_at` the server's. A sealed item is never changed. `kind` is one of
    `rulebook/national/site_records.yaml`; `details` is what only some kinds have: `{length_s}` of a video or a voice
    note, `{width, height, strokes, stamps}` of a sketch, as it was drawn.

    Basis     行政处罚法 §46, §47; 案卷评查细则 2024 (证明对象、拍摄时间、拍摄地点、拍摄人、证明内容)
    """

    __tablename__ = "evidence"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    kind: Mapped[str]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    purpose: Mapped[str]
    caption: Mapped[str | None]
    taken_at: Mapped[datetime]
    received_at: Mapped[datetime]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    taker_officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    taker_name: Mapped[str]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
