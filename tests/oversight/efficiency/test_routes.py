"""The report through the door: one's own area and what lies below it, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from tests.conftest import As
from tests.seat import refused
from tests.world import CITY, District, World

TODAY = beijing_today()
ASKED: dict[str, Any] = {"from": str(TODAY - timedelta(days=20)), "to": str(TODAY)}


async def visit(db: Database, district: District, days_ago: int = 1) -> None:
    """A submitted visit by the two officers of a district."""
    values = {
        "id": new_id(),
        "area": district.area_code,
        "day": TODAY - timedelta(days=days_ago),
        "source": district.workshop,
        "officers": [district.lin.officer, district.luo.officer],
        "at": now(),
    }
    async with db.transaction(Role.worker) as session:
        await session.execute(
            text(
                "INSERT INTO inspection (id, number, state, origin, kind, mode, officer_ids, inspected_on, arrived_at,"
                " received_at, area_code, source_id) VALUES (:id, CAST(:id AS text), 'submitted', 'field', 'routine',"
                " 'local', :officers, :day, :at, :at, :area, :source)"
            ),
            values,
        )


async def test_each_sees_the_figures_of_its_own_area(db: Database, as_: As, world: World) -> None:
    for district, visits in ((world.east, 2), (world.west, 1), (world.foreign, 1)):
        for _ in range(visits):
            await visit(db, district)
    asked = {**ASKED, "compare": "year"}
    own = await as_(world.east.dispatcher).get("/efficiency", area_code=world.east.area_code, **asked)
    assert (own["site_visits"]["value"], own["officer_turnouts"]["value"]) == (2, 4)
    assert (own["site_visits"]["previous"], own["site_visits"]["percent"]) == (0, None)
    assert (own["area"], own["from"]) == (world.east.area_code, ASKED["from"])
    whole = await as_(world.chief).get("/efficiency", area_code=CITY, **asked)
    assert whole["site_visits"]["value"] == 3


async def test_rows_open_page_by_page(db: Database, as_: As, world: World) -> None:
    for days_ago in range(1, 6):
        await visit(db, world.east, days_ago)
    seat, asked = as_(world.east.dispatcher), {**ASKED, "figure": "site_visits", "area_code": world.east.area_code}
    first = await seat.get("/efficiency/rows", limit=3, **asked)
    rest = await seat.get("/efficiency/rows", limit=3, cursor=first["next_cursor"], **asked)
    assert (first["total"], len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (5, 3, 2, None)
    days = [row["inspected_on"] for row in first["items"] + rest["items"]]
    assert days == sorted(days, reverse=True)
    assert {row["officer_count"] for row in first["items"]} == {2}


async def test_a_neighbours_figures_are_refused(as_: As, world: World) -> None:
    seat = as_(world.east.dispatcher)
    for area in (world.west.area_code, CITY, world.foreign.area_code):
        with refused("access.other_area", 403):
            await seat.get("/efficiency", area_code=area, **ASKED)
        with refused("access.other_area", 403):
            await seat.get("/efficiency/rows", area_code=area, figure="site_visits", **ASKED)


async def test_a_period_that_runs_backwards_is_refused(as_: As, world: World) -> None:
    with refused("kernel.days_out_of_order", 422):
        await as_(world.east.dispatcher).get(
            "/efficiency", area_code=world.east.area_code, **{"from": "2025-02-01", "to": "2025-01-01"}
        )
