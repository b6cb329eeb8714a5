"""Tables of the clues room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Clue(Scoped, Base):
    """A clue (线索): something that may be wrong somewhere, not looked at yet.

    `handle_rule` is the deadline rule as it stood when the clue was received. The petitioner's name and telephone
    are kept encrypted and leave the server only through `clues.actions.reveal_petitioner`, which is on the ledger.
    What was seen on a live picture (kind `sighting`) names the stream, the moment that was shown, the sealed snapshot, and the
    clip once there is one; `place_from` says whether the place is the middle of what the `camera` looked at, as if the ground
    were flat, where its `carrier` was then, which need not be where it looked, or was `pointed` out by whoever saw it.
    `photo_ids` are sealed photos of what somebody came upon. Its one owner is its area. While it is told to a neighbour who may take it over (`offered_to`) nobody takes it up or
    declines it; one that was taken over says from whom (`came_from`), and `is_designated` whether a superior said whose it is.
    """

    __tablename__ = "clue"
    task_key: ClassVar[str | None] = "task_id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    element: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    description: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"), index=True)
    received_at: Mapped[datetime]
    handle_by_on: Mapped[date | None]
    handle_rule: Mapped[dict[str, Any] | None]
    decline_reason: Mapped[str | None]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    petitioner: Mapped[bytes | None] = mapped_column(LargeBinary)
    stream_id: Mapped[UUID | None] = mapped_column(ForeignKey("stream.id"))
    shown_at: Mapped[datetime | None]
    snapshot_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    clip_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    place_from: Mapped[str | None]
    photo_ids: Mapped[list[UUID]] = mapped_column(default=list)
    is_designated: Mapped[bool] = mapped_column(default=False)
    offered_to: Mapped[str | None] = mapped_column(ForeignKey("area.area_code"))
    came_from: Mapped[str | None] = mapped_column(ForeignKey("area.area_code"))
    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_position"),
        CheckConstraint(
            "place_from IN ('carrier', 'camera', 'pointed') AND lon IS NOT NULL OR place_from IS NULL",
            name="place_from_known",
        ),
        CheckConstraint("offered_to <> area_code AND came_from <> area_code", name="never_ones_own_neighbour"),
        CheckConstraint(
            "(stream_id IS NULL) = (shown_at IS NULL) AND (stream_id IS NULL) = (snapshot_id IS NULL) "
            "AND (clip_id IS NULL OR stream_id IS NOT NULL)",
            name="whole_sighting",
        ),
    )
