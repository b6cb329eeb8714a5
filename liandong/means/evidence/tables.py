"""Tables of the evidence room."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
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


class Upload(Base):
    """A file on its way in pieces: how much of it is here, whose it is, and the digest that it must prove.

    `received` bytes of `size` are in the store as pieces; once all of them are and have that digest, the file is a
    blob and `finished_at` is set. Only its owner sees it or goes on with it; after `expires_at` it is swept away.

    Basis     tus resumable upload protocol 1.0.0
    """

    __tablename__ = "upload"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest_form"),
        CheckConstraint("received BETWEEN 0 AND size AND size > 0", name="received_within_size"),
        Index("uq_upload_of_account", "account_id", "sha256", unique=True),
    )


class UploadPart(Base):
    """A piece of a file on its way: the `size` bytes from `first` on lie in the store under `name`."""

    __tablename__ = "upload_part"
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]


class Evidence(Scoped, Base):
    """A sealed item of evidence: the digest of the untouched original, who took it, when, where and to prove what.

    `taken_at` is the device's clock, `received_at` the server's. A sealed item is never changed. What is sealed is the
    digest; the bytes may still be on the phone, and have arrived once there is a `Blob` of that digest. `kind` is one
    of `rulebook/national/site_records.yaml`; `details` is what only some kinds have: `{length_s}` of a video or a voice
    note, `{width, height, strokes, stamps}` of a sketch, as it was drawn.

    What is shown of a clue that is told to a neighbour names him in `parties`: he sees it, and no more than sees it.

    Basis     行政处罚法 §46, §47; 案卷评查细则 2024 (证明对象、拍摄时间、拍摄地点、拍摄人、证明内容)
    """

    __tablename__ = "evidence"
    parties_key: ClassVar[str | None] = "parties"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(index=True)
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
    parties: Mapped[list[str]] = mapped_column(default=list)
