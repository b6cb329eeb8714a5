"""Tables of the border room."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.registers.alliances.sheets import SharedRow


class BorderEntry(SharedRow, Base):
    """A source near a common border, as the members of a memorandum are shown it: masked by rule when it was written.

    `distance_m` is to the nearest border of its district with another member, `neighbour_code`. What the rule does not show
    is null. `last_visit_by` are the agencies that were there, whichever they are.
    """

    __tablename__ = "border_entry"
    share: ClassVar[str | None] = "border_list"
    about_key: ClassVar[str] = "source_id"
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), index=True)
    neighbour_code: Mapped[str]
    distance_m: Mapped[int]
    name: Mapped[str | None]
    uscc: Mapped[str | None]
    address: Mapped[str | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    supervision_class: Mapped[str | None]
    elements: Mapped[list[str] | None]
    agency_name: Mapped[str | None]
    last_visit_on: Mapped[date | None]
    last_visit_by: Mapped[list[str] | None]
    open_problems: Mapped[int | None]
    __table_args__ = (UniqueConstraint("memorandum_id", "source_id"),)


class BorderSegment(SharedRow, Base):
    """One side of a piece of a common border, and how it was watched (盲区图): sums over `border.watch_window` days, no person among them.

    `watchers` are the agencies whose officers were there, whichever they are. `track_days` and `seen_days` count the days
    on which an officer inside a task, or an aircraft's camera, was within the band on this side. `line` is GeoJSON.
    """

    __tablename__ = "border_segment"
    share: ClassVar[str | None] = "border_watch"
    about_key: ClassVar[str] = "side_id"
    side_id: Mapped[UUID]
    neighbour_code: Mapped[str]
    line: Mapped[dict[str, Any]]
    length_m: Mapped[int]
    band_m: Mapped[float]
    last_track_on: Mapped[date | None]
    track_days: Mapped[int | None]
    watchers: Mapped[list[str] | None]
    last_seen_on: Mapped[date | None]
    seen_days: Mapped[int | None]
    sources: Mapped[int | None]
    never_visited: Mapped[int | None]
    clues: Mapped[int | None]
    problems: Mapped[int | None]
    closed: Mapped[int | None]
    __table_args__ = (UniqueConstraint("memorandum_id", "side_id"),)
