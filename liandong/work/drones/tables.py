"""Tables of the drones room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Aircraft(Scoped, Base):
    """An unmanned aircraft (无人机) of an agency, as its operator entered it.

    `swath_per_height`: metres of ground that the camera sees across from one metre of height, looking straight down.
    `usable_min`: minutes of a battery that may be used, what must stay in it taken off. `wpml_keys` are the maker's
    numbers of aircraft and payload, without which a route cannot be written in its format.
    """

    __tablename__ = "aircraft"
    task_key: ClassVar[str | None] = None
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    title: Mapped[str]
    model: Mapped[str]
    serial_no: Mapped[str] = mapped_column(unique=True)
    registration_no: Mapped[str | None]
    swath_per_height: Mapped[float]
    speed_m_s: Mapped[float]
    usable_min: Mapped[float]
    wpml_keys: Mapped[dict[str, Any] | None]
    registered_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("swath_per_height > 0 AND speed_m_s > 0 AND usable_min > 0", name="can_fly"),)


class Autopilot(Scoped, Base):
    """What flies an aircraft by MAVLink (飞控): the number that it says it is, and the key that it signs with.

    `system_id` is 1 to 250, one aircraft's at a time in the whole house: the protocol knows no longer name. `signing_key`
    is the SHA-256 of the passphrase that was told once. It signs and verifies, so it is a secret as it stands here.
    """

    __tablename__ = "autopilot"
    task_key: ClassVar[str | None] = None
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    aircraft_id: Mapped[UUID] = mapped_column(ForeignKey("aircraft.id"), unique=True)
    system_id: Mapped[int] = mapped_column(unique=True)
    signing_key: Mapped[str]
    linked_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("system_id BETWEEN 1 AND 250", name="system_id_is_an_aircrafts"),)


class NoFlyZone(Base):
    """An area over which no mission leads, whoever plans it. `outline` is a GeoJSON Polygon in degrees WGS-84.

    `clearance_m` are kept from it. It binds from the day it is set, because nobody knows on which day a mission will be
    flown; `valid_from_on` is told, and after `valid_to_on` it binds no more. `basis` is who says so, in words.
    """

    __tablename__ = "no_fly_zone"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    outline: Mapped[dict[str, Any]]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    clearance_m: Mapped[float]
    basis: Mapped[str | None]
    valid_from_on: Mapped[date | None]
    valid_to_on: Mapped[date | None]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("clearance_m > 0", name="keeps_away"),
        CheckConstraint("valid_to_on >= valid_from_on", name="ends_after_it_begins"),
    )


class Mission(Scoped, Base):
    """A planned flight (巡飞任务): what is to be seen, with which aircraft, and the flights that see it.

    `asked` is what was asked for, `plan` what was worked out of it; both are never changed: another wish is another
    mission. `height_rule` is the rule as it stood when the mission was released.
    """

    __tablename__ = "mission"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    aircraft_id: Mapped[UUID] = mapped_column(ForeignKey("aircraft.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    height_m: Mapped[float]
    asked: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    drafted_at: Mapped[datetime]
    pilot_officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    permit_no: Mapped[str | None]
    height_rule: Mapped[dict[str, Any] | None]
    released_at: Mapped[datetime | None]
    flown_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]


class FlightOrder(Scoped, Base):
    """An order to fly one flight of a released mission (飞行指令), given to a carrier: a dock, or a MAVLink link.

    `flight_number` counts from 1. An aircraft has one open order at most. `percent` is 0-100, `waypoint_index` counts
    from 0, `wayline_state` is the device's own word; what is unsaid is empty. `reason` says in words why an order ended
    without being flown, `reason_code` by our error code, `device_code` by the device's own.
    """

    __tablename__ = "flight_order"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    aircraft_id: Mapped[UUID] = mapped_column(ForeignKey("aircraft.id"))
    flight_number: Mapped[int]
    carrier: Mapped[str]
    state: Mapped[str]
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    took_off_at: Mapped[datetime | None]
    progressed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    percent: Mapped[int | None]
    waypoint_index: Mapped[int | None]
    wayline_state: Mapped[str | None]
    stop_asked_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None]
    reason: Mapped[str | None]
    reason_code: Mapped[str | None]
    device_code: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("carrier IN ('dock', 'mavlink')", name="carrier_known"),
        CheckConstraint("flight_number > 0", name="flight_counts_from_one"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_the_whole"),
        Index(
            "uq_flight_order_open", "aircraft_id", unique=True,
            postgresql_where=text("state IN ('ordered', 'sent', 'ready', 'flying')"),
        ),
        Index("ix_flight_order_waiting", "carrier", "ordered_at", postgresql_where=text("state = 'ordered'")),
    )  # fmt: skip
