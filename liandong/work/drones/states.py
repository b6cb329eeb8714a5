"""The states of a mission, and of an order to fly one of its flights."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class MissionState(StrEnum):
    """Where a mission stands."""

    drafted = "drafted"
    released = "released"
    flown = "flown"
    cancelled = "cancelled"


MISSION_STATES = StateTable(
    "drones",
    "mission",
    MissionState,
    MissionState.drafted,
    [
        move("release", MissionState.drafted, MissionState.released),
        move("report_flown", MissionState.released, MissionState.flown),
        move("cancel", {MissionState.drafted, MissionState.released}, MissionState.cancelled),
    ],
)


class FlightOrderState(StrEnum):
    """How far an order to fly is. The first four are open: the aircraft is taken."""

    ordered = "ordered"
    sent = "sent"
    ready = "ready"
    flying = "flying"
    flown = "flown"
    refused = "refused"
    failed = "failed"
    cancelled = "cancelled"


OPEN_ORDERS = frozenset(
    {FlightOrderState.ordered, FlightOrderState.sent, FlightOrderState.ready, FlightOrderState.flying}
)
_GROUNDED = {FlightOrderState.ordered, FlightOrderState.sent, FlightOrderState.ready}
FLIGHT_ORDER_STATES = StateTable(
    "drones",
    "flight_order",
    FlightOrderState,
    FlightOrderState.ordered,
    [
        move("send", FlightOrderState.ordered, FlightOrderState.sent),
        move("confirm_ready", FlightOrderState.sent, FlightOrderState.ready),
        move("take_off", {FlightOrderState.sent, FlightOrderState.ready}, FlightOrderState.flying),
        move("land", FlightOrderState.flying, FlightOrderState.flown),
        move("refuse", _GROUNDED, FlightOrderState.refused),
        move("fail", {FlightOrderState.sent, FlightOrderState.ready, FlightOrderState.flying}, FlightOrderState.failed),
        move("cancel", set(OPEN_ORDERS), FlightOrderState.cancelled),
    ],
)
