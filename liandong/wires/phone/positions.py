"""Positions from phones: batches, in JSON or msgpack, gaps filled later.

They come by the hundred in a second, so they are read without a framework's help and who sends is remembered for a
few minutes. Whether a position may be kept is not: the database says so for each when it is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import FieldError, Invalid, LiandongError, Refused
from liandong.kernel.http import ERRORS, ErrorOut
from liandong.kernel.remembered import Remembered
from liandong.means.tracks.points import Kind, Point, milliseconds
from liandong.means.tracks.telemetry import Telemetry
from liandong.registers.access.door import token_of
from liandong.registers.access.queries import find_officer_of

router = APIRouter(tags=["phone"], responses=ERRORS)
MOST_FIXES = 500
MSGPACK = "application/msgpack"
REMEMBERED_SECONDS = 180.0

Measure = Annotated[float, msgspec.Meta(ge=0)]


class FixIn(msgspec.Struct):
    """Where an officer was at one instant; places off the earth are refused one by one, not with the whole batch."""

    lon: float
    lat: float
    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    accuracy_m: Measure | None = None
    altitude_m: float | None = None
    course_deg: float | None = None
    speed_mps: Measure | None = None


class FixesIn(msgspec.Struct):
    """Where an officer was, inside one task; in any order, and whatever part of it was sent before."""

    task_id: UUID
    fixes: Annotated[list[FixIn], msgspec.Meta(min_length=1, max_length=MOST_FIXES)]


class FixRefused(BaseModel):
    """A fix that was not kept, by its place in the batch, and why."""

    place: int
    problem: ErrorOut


class FixesOut(BaseModel):
    """How many fixes of the batch stand in the trail now, those sent before among them, and which do not."""

    kept: int
    refused: list[FixRefused]


_JSON, _MSGPACK = msgspec.json.Decoder(FixesIn), msgspec.msgpack.Decoder(FixesIn)


def _described() -> dict[str, Any]:
    """The body in the interface's description, whole and in one place."""
    _, parts = msgspec.json.schema_components((FixesIn,), ref_template="{name}")
    body = parts["FixesIn"]
    return {
        **body,
        "properties": {**body["properties"], "fixes": {**body["properties"]["fixes"], "items": parts["FixIn"]}},
    }


_SCHEMA = {"schema": _described()}


class Senders:
    """Which officer is behind a sign-in, for three minutes. That he may send is settled with each position."""

    def __init__(self) -> None:
        self._known: Remembered[str, UUID] = Remembered(REMEMBERED_SECONDS)

    async def officer(self, request: Request) -> UUID:
        """The officer who sends.

        Raises    access.sign_in_required (401), tracks.outside_task: no officer
        """
        token = token_of(request)
        if token is None:
            raise Refused("access.sign_in_required")
        known = self._known.get(token)
        if known is not None:
            return known
        db: Database = request.app.state.db
        async with db.transaction(Role.app) as session:
            found = await find_officer_of(session, token)
        if found is None:
            raise Refused("access.sign_in_required")
        (officer_id,) = found
        if officer_id is None:
            raise Refused("tracks.outside_task")
        self._known.put(token, officer_id)
        return officer_id


@router.post(
    "/positions",
    response_model=FixesOut,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": _SCHEMA, MSGPACK: _SCHEMA}}},
)
async def post_positions(request: Request) -> Any:
    """Say where one was. Off a running task of one's own it is refused: off duty nobody is followed."""
    officer_id = await request.app.state.senders.officer(request)
    body = _read(await request.body(), request.headers.get("content-type", ""))
    points = [
        Point(
            officer_id, Kind.officer, "", body.task_id, milliseconds(fix.happened_at), fix.lon, fix.lat,
            fix.accuracy_m, fix.altitude_m, fix.course_deg, fix.speed_mps,
        )
        for fix in body.fixes
    ]  # fmt: skip
    telemetry: Telemetry = request.app.state.telemetry
    errors = await telemetry.keep(points)
    refused = [(place, error) for place, error in enumerate(errors) if error is not None]
    if len(refused) == len(points) and all(error.code == "tracks.outside_task" for _, error in refused):
        raise Refused("tracks.outside_task")
    return FixesOut(kept=len(points) - len(refused), refused=[_told(place, error) for place, error in refused])


def _read(raw: bytes, media_type: str) -> FixesIn:
    try:
        return (_MSGPACK if media_type.startswith(MSGPACK) else _JSON).decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        what, _, where = str(error).partition(" - at `$.")
        field = FieldError(where.rstrip("`") or "body", "kernel.invalid_field", {"why": what})
        raise Invalid("kernel.invalid_input", field_errors=[field]) from error


def _told(place: int, error: LiandongError) -> FixRefused:
    return FixRefused(place=place, problem=ErrorOut(**error.body()))
