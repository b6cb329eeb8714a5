"""The half-year of a real article: a ledger whose totals it reports, in full."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from liandong.intake.actions import import_ledger
from liandong.kernel.db import Database, Role
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.queries import efficiency_report, rows_behind
from tests.databases import Stock

LEDGER = Path(__file__).resolve().parents[4] / "shared" / "data" / "replay" / "cangzhou-2021h1"
HALF_YEAR = Period(date(2021, 1, 1), date(2021, 6, 30))
CITY = "130900"

pytestmark = pytest.mark.skipif(not LEDGER.exists(), reason="the replayed ledger is not beside the project")


@pytest.fixture
async def replay(stock: Stock) -> Any:
    """A database with the ledger in it, taken in once a session."""

    async def fill(database: Database) -> None:
        async with database.transaction(Role.worker) as session:
            report = await import_ledger(session, LEDGER)
        assert report.area == CITY
        for one in report.files.values():
            assert (one.created, one.rejected) == (one.rows, [])

    database = stock.copy(await stock.template("replay", fill, on=await stock.template("empty")))
    yield database
    await database.close()
    stock.drop(database)


@pytest.fixture
def expected() -> dict[str, Any]:
    """The totals that the article gives."""
    return dict(json.loads((LEDGER / "expected.json").read_text(encoding="utf-8")))


async def report_of(db: Database, area: str = CITY, period: Period = HALF_YEAR) -> dict[str, Any]:
    """The report beside the year before."""
    async with db.transaction(Role.worker) as session:
        return (await efficiency_report(session, area, period, "year")).body()


async def test_every_figure_of_the_article_is_met(replay: Database, expected: dict[str, Any]) -> None:
    report = await report_of(replay)
    this, last = expected["2021"], expected["2020"]
    for name in ("site_visits", "officer_turnouts", "activity_index"):
        change, percent = expected[f"growth_{name}"]
        wanted = {"value": this[name], "previous": last[name], "change": change, "percent": percent}
        assert report[name] == wanted
    assert (report["roster"], report["working_days"]) == (this["roster"], this["working_days"])
    for beginning, figures in expected["campaigns"].items():
        held = [one for one in report["campaigns"] if one["name"].startswith(beginning)]
        assert {key: sum(one[key] for one in held) for key in figures} == figures
    (basin,) = (one for one in report["campaigns"] if one["coverage"])
    assert {one["kind"]: [one["covered"], one["total"]] for one in basin["coverage"]} == expected["basin_coverage"]
    assert {one["kind"]: one["percent"] for one in basin["coverage"]} == {"污水处理厂": 100.0, "涉水企业": 91.7}
    draws = {f"{one['batch'][-2:]}-{one['level']}": one["drawn"] for one in report["draws"]}
    assert draws == expected["draws"]


async def test_the_year_before_stands_by_itself(replay: Database, expected: dict[str, Any]) -> None:
    report = await report_of(replay, period=HALF_YEAR.year_before())
    last = expected["2020"]
    for name in ("site_visits", "officer_turnouts", "activity_index"):
        assert report[name]["value"] == last[name]
        assert report[name]["percent"] is None
    assert (report["roster"], report["working_days"]) == (last["roster"], last["working_days"])


async def test_the_parts_make_the_whole(replay: Database) -> None:
    whole = await report_of(replay)
    async with replay.transaction(Role.worker) as session:
        counties = (
            (await session.execute(text("SELECT area_code FROM area WHERE parent_code = '130900'"))).scalars().all()
        )
    parts = [await report_of(replay, county) for county in counties]
    for name in ("site_visits", "officer_turnouts"):
        assert sum(part[name]["value"] for part in parts) == whole[name]["value"]


async def test_every_figure_opens_to_its_rows(replay: Database) -> None:
    report = await report_of(replay)
    async with replay.transaction(Role.worker) as session:

        async def total(figure: str, **about: str) -> int:
            page = await rows_behind(session, figure, CITY, HALF_YEAR, limit=1, **about)
            assert len(page.items) == 1
            return page.total

        assert await total("site_visits") == report["site_visits"]["value"]
        assert await total("activity_index") == report["roster"]
        for one in report["campaigns"]:
            about = {"campaign": one["name"]}
            assert await total("campaign_points", **about) == one["points"]
            assert await total("campaign_problems", **about) == one["problems"]
            assert await total("campaign_rectified", **about) == one["rectified"]
            for kind in one["coverage"]:
                assert await total("coverage_rate", **about, kind=kind["kind"]) == kind["total"]
        for one in report["draws"]:
            assert await total("drawn", batch=one["batch"], level=one["level"]) == one["drawn"]
