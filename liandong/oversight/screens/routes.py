"""HTTP routes of the big screen's scenes and of the video wall's layouts."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from liandong.kernel.clock import beijing_today
from liandong.kernel.http import ERRORS
from liandong.oversight.screens import actions
from liandong.oversight.screens.close_out_list import Struck, close_out_list
from liandong.oversight.screens.episode import Near, Surroundings, find_surroundings
from liandong.oversight.screens.joint import Team, joint_teams, shares
from liandong.oversight.screens.queries import find_layout, list_layouts
from liandong.oversight.screens.schemas import (
    CloseOutListOut,
    EpisodeOut,
    JointOut,
    MeasureCheckIn,
    MeasureOut,
    MemberOut,
    RingOut,
    ShareOut,
    StruckOut,
    SurroundingOut,
    TeamOut,
    WallLayoutIn,
    WallLayoutOut,
)
from liandong.oversight.screens.tables import MeasureCheck, WallLayout
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.registers.sources.queries import find_source
from liandong.work.problems.states import OPEN_STATES

router = APIRouter(prefix="/screens", tags=["screens"], responses=ERRORS)
Lon = Annotated[float, Query(ge=-180, le=180)]
Lat = Annotated[float, Query(ge=-90, le=90)]


@router.get("/close-out-list")
async def read_close_out_list(
    signed: Signed, days: Annotated[int, Query(ge=1, le=366)] = 30, joint: bool = False
) -> CloseOutListOut:
    """The problems that are open, or were found or struck off in the last days; overdue first."""
    found = await close_out_list(signed.session, signed.actor, days=days, only_joint=joint)
    rows = [_struck(row) for row in found.rows]
    return CloseOutListOut(since_on=found.since_on, items=rows, total=found.total)


def _struck(row: Struck) -> StruckOut:
    one = row.problem
    return StruckOut(
        id=one.id, number=one.number, state=one.state, element=one.element, severity=one.severity,
        description=one.description, area_code=one.area_code, source_name=row.source_name, found_on=one.found_on,
        rectify_by_on=one.rectify_by_on, claimed_at=one.claimed_at, closed_at=one.closed_at, lon=one.lon, lat=one.lat,
        is_overdue=row.is_overdue,
    )  # fmt: skip


@router.get("/joint-operation")
async def read_joint_operation(signed: Signed, day: date | None = None) -> JointOut:
    """The mixed teams of a day, today's without `day`, and what they did per agency and together."""
    on = day or beijing_today()
    teams = await joint_teams(signed.session, signed.actor, on)
    counted = [ShareOut.model_validate(one) for one in shares(teams)]
    return JointOut(day=on, teams=[_team(one) for one in teams], shares=counted)


def _team(team: Team) -> TeamOut:
    task = team.task
    members = [
        MemberOut(id=one.entry.id, name=one.entry.name, agency_name=one.agency_name, is_lead=one.is_lead)
        for one in team.members
    ]
    closed = [one.closed_at for one in team.found if one.closed_at is not None and one.state not in OPEN_STATES]
    return TeamOut(
        id=task.id, number=task.number, title=task.title, state=task.state, area_code=task.area_code,
        source_name=team.source_name, lon=task.lon, lat=task.lat, assigned_at=task.assigned_at,
        accepted_at=task.accepted_at, arrived_at=task.arrived_at, reported_at=task.reported_at, members=members,
        found_at=[one.found_at for one in team.found], closed_at=closed,
    )  # fmt: skip


@router.get("/heavy-pollution")
async def read_heavy_pollution(signed: Signed, lon: Lon, lat: Lat, within_km: float | None = None) -> EpisodeOut:
    """What lies round a place within a ring, with the measures that each source's record has."""
    found = await find_surroundings(signed.session, signed.actor, lon, lat, within_km)
    rings = [RingOut(radius_km=radius, count=count) for radius, count in found.counts.items()]
    rows = [_near(one, found) for one in found.found]
    return EpisodeOut(
        radii=law.stamp(found.radii), within_km=found.within_km, rings=rings, rows=rows, is_cut=found.is_cut
    )


def _near(one: Near, around: Surroundings) -> SurroundingOut:
    source = one.source
    assert source.lon is not None
    assert source.lat is not None
    measures = None
    if one.measures is not None:
        measures = [_measure(words, around.checks.get((source.id, words))) for words in one.measures]
    return SurroundingOut(
        id=source.id, name=source.name, area_code=source.area_code, distance_m=round(one.distance_m), lon=source.lon,
        lat=source.lat, supervision_class=source.supervision_class, elements=source.elements, grade=one.grade,
        measures=measures,
    )  # fmt: skip


def _measure(words: str, check: MeasureCheck | None) -> MeasureOut:
    if check is None:
        return MeasureOut(words=words, is_met=None, checked_at=None, checker_name=None)
    return MeasureOut(words=words, is_met=check.is_met, checked_at=check.checked_at, checker_name=check.checker_name)


@router.post("/measure-checks", status_code=201)
async def check_measure(signed: Signed, body: MeasureCheckIn) -> MeasureOut:
    """Tick a measure of a source as met today, or as not met."""
    gate.may(signed.actor, "screens:check_measure")
    source = await find_source(signed.session, signed.actor, body.source_id)
    gate.require(signed.actor, "screens:check_measure", source)
    check = await actions.check_measure(signed.session, signed.actor, source, body.measure, is_met=body.is_met)
    return _measure(check.measure, check)


@router.get("/wall-layouts")
async def read_wall_layouts(signed: Signed) -> list[WallLayoutOut]:
    """The layouts of the video wall that were kept for operations in sight."""
    return [_layout(signed, one) for one in await list_layouts(signed.session, signed.actor)]


@router.post("/wall-layouts", status_code=201)
async def keep_wall_layout(signed: Signed, body: WallLayoutIn) -> WallLayoutOut:
    """Keep the wall's layout for an operation, in the place of the one before."""
    kept = await actions.keep_layout(signed.session, signed.actor, body.operation, body.stream_ids)
    return _layout(signed, kept)


@router.post("/wall-layouts/{layout_id}/withdraw")
async def withdraw_wall_layout(signed: Signed, layout_id: UUID) -> WallLayoutOut:
    """No longer offer a layout."""
    layout = await find_layout(signed.session, signed.actor, layout_id)
    await actions.withdraw_layout(signed.session, layout)
    return _layout(signed, layout)


def _layout(signed: Acting, layout: WallLayout) -> WallLayoutOut:
    shown = WallLayoutOut.model_validate(layout)
    if layout.ended_at is None and gate.allowed(signed.actor, "screens:arrange", layout):
        shown.verbs = ["withdraw"]
    return shown
