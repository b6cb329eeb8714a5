"""Tables of the officers room."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Officer(Base):
    """An enforcement officer (执法人员). Names and certificates are a directory, open to every signed-in agency."""

    __tablename__ = "officer"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)


class Certificate(Base):
    """An enforcement certificate (执法证) and the days on which it is valid, both ends included."""

    __tablename__ = "certificate"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    valid_from_on: Mapped[date]
    valid_to_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("valid_to_on IS NULL OR valid_to_on >= valid_from_on", name="days_in_order"),)


class RosterEntry(Base):
    """Days on which an officer is on the roster (在册) of an area, both ends included."""

    __tablename__ = "roster_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),)


class Duty(Base):
    """A turn of duty (在岗). An officer has at most one that has not ended."""

    __tablename__ = "duty"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("uq_duty_running", "officer_id", unique=True, postgresql_where=text("ended_at IS NULL")),)
