"""HTTP routes of the OsmAnd wire.

A device keeps what is not answered with 200 and sends it again before anything newer. So 200 is said for all that came
in whole from a device that is on record, and what was not kept of it is told in the answer and counted; a key that is
not on record is answered with 401, and the device keeps its positions until somebody has put that right.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from liandong.kernel.clock import now
from liandong.kernel.errors import Invalid
from liandong.kernel.http import ERRORS
from liandong.means.tracks.points import Point, milliseconds
from liandong.means.tracks.telemetry import Telemetry
from liandong.registers.trackers.keyring import Keyring
from liandong.registers.trackers.queries import Carrier
from liandong.wires.osmand.frame import Fix, Report, UnreadableError, read_report

router = APIRouter(tags=["trackers"], responses=ERRORS)
LONGEST_QUERY = 4096


class ReportOut(BaseModel):
    """How many positions stand in the trail now, and the codes of those that do not."""

    kept: int
    refused: list[str]


@router.get("/osmand", response_model=ReportOut)
async def get_report(
    request: Request, _key: Annotated[str, Query(alias="id", description="the device's key")] = ""
) -> Any:
    """One position of a device, in the query (OsmAnd, Traccar Client before version 9)."""
    return await _take(request, b"")


@router.post("/osmand", response_model=ReportOut)
async def post_report(request: Request) -> Any:
    """Positions of a device: in the query, in a form, or as JSON (Traccar Client from version 9)."""
    return await _take(request, await request.body())


async def _take(request: Request, body: bytes) -> ReportOut:
    telemetry: Telemetry = request.app.state.telemetry
    keyring: Keyring = request.app.state.keyring
    try:
        report = read_report(request.url.query[:LONGEST_QUERY], request.headers.get("content-type", ""), body)
    except UnreadableError as error:
        telemetry.refused["trackers.unreadable"] += 1
        raise Invalid("trackers.unreadable", why=str(error)) from error
    carrier = await keyring.carrier(report.key)
    if carrier.id is None:
        return ReportOut(kept=0, refused=["trackers.only_hears"] * len(report.fixes))
    errors = await telemetry.keep(_points(carrier, report))
    refused = [error.code for error in errors if error is not None]
    return ReportOut(kept=len(report.fixes) - len(refused), refused=refused)


def _points(carrier: Carrier, report: Report) -> list[Point]:
    received_at = milliseconds(now())
    return [_point(carrier, fix, received_at) for fix in report.fixes]


def _point(carrier: Carrier, fix: Fix, received_ms: int) -> Point:
    assert carrier.id is not None
    at_ms = received_ms if fix.at is None else milliseconds(fix.at)
    return Point(
        carrier.id, carrier.kind, carrier.area_code, None, at_ms, fix.lon, fix.lat,
        fix.accuracy_m, fix.altitude_m, fix.course_deg, fix.speed_mps,
    )  # fmt: skip
