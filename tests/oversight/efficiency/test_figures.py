"""Figures are kept with what made them, open to their rows, and say no where they must."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from liandong.intake.actions import import_ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid, Refused
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.queries import efficiency_report, rows_behind
from liandong.oversight.efficiency.rows import ROWS
from liandong.oversight.efficiency.tables import Figure
from liandong.registers.law.queries import indicator
from tests.intake import made_city
from tests.intake.made_city import CAMPAIGNS, CITY

HALF_YEAR = Period(date(2023, 1, 1), date(2023, 6, 30))


@pytest.fixture
async def city(db: Database, tmp_path: Path) -> made_city.City:
    """A made-up city, taken in."""
    made = made_city.make(11)
    made_city.write(made, tmp_path, dirty=False)
    async with db.transaction(Role.worker) as session:
        await import_ledger(session, tmp_path)
    return made


async def report(
    db: Database, area: str = CITY, period: Period = HALF_YEAR, compare: str | None = None
) -> dict[str, Any]:
    """The report, kept."""
    async with db.transaction(Role.worker) as session:
        return (await efficiency_report(session, area, period, compare)).body()


async def figures(db: Database) -> dict[tuple[str, str], Figure]:
    """The kept figures by key and campaign."""
    async with db.transaction(Role.worker) as session:
        rows = (await session.scalars(select(Figure).order_by(Figure.id))).all()
    return {(one.key, one.parameters.get("campaign", "")): one for one in rows if one.from_on == HALF_YEAR.from_on}


def test_every_figure_has_its_definition_in_the_rulebook() -> None:
    for key in ROWS:
        assert indicator(key).definition


async def test_a_figure_is_kept_with_its_parts_and_once(db: Database, city: made_city.City) -> None:
    shown = await report(db, compare="year")
    kept = await figures(db)
    index = kept["activity_index", ""]
    assert float(index.value) == shown["activity_index"]["value"]
    assert float(index.numerator or 0) == shown["officer_turnouts"]["value"]
    assert round(float(index.numerator or 0) / float(index.denominator or 1), 2) == pytest.approx(
        float(index.value), abs=0.01
    )
    assert float(kept["campaign_points", CAMPAIGNS[1]].value) == sum(
        one.campaign == CAMPAIGNS[1] for one in city.visits
    )
    async with db.transaction(Role.worker) as session:
        before = (await session.execute(text("SELECT count(*) FROM figure"))).scalar_one()
    await report(db, compare="year")
    async with db.transaction(Role.worker) as session:
        assert (await session.execute(text("SELECT count(*) FROM figure"))).scalar_one() == before


async def test_the_kept_query_finds_the_rows_again(db: Database, city: made_city.City) -> None:
    await report(db)
    async with db.transaction(Role.worker) as session:
        areas = (await session.execute(text("SELECT area_code FROM area WHERE area_code LIKE '1311%'"))).scalars().all()
        known = {"areas": list(areas), "from_on": HALF_YEAR.from_on, "to_on": HALF_YEAR.to_on}
        for (key, campaign), figure in (await figures(db)).items():
            if key not in ("site_visits", "campaign_points"):
                continue
            values = {
                name: value for name, value in {**known, "campaign": campaign}.items() if f":{name}" in figure.query
            }
            assert len((await session.execute(text(figure.query), values)).all()) == figure.value


async def test_another_row_behind_a_figure_gives_another_digest(db: Database, city: made_city.City) -> None:
    await report(db)
    first = (await figures(db))["site_visits", ""]
    async with db.transaction(Role.worker) as session:
        await session.execute(
            text(
                "UPDATE inspection SET inspected_on = CASE WHEN inspected_on < '2023-01-01' THEN date '2023-01-05'"
                " ELSE date '2022-01-05' END WHERE number IN ("
                "(SELECT min(number) FROM inspection WHERE inspected_on < '2023-01-01'),"
                "(SELECT min(number) FROM inspection WHERE inspected_on BETWEEN '2023-01-01' AND '2023-06-30'))"
            )
        )
    await report(db)
    second = (await figures(db))["site_visits", ""]
    assert second.value == first.value
    assert second.rows_digest != first.rows_digest


async def test_only_submitted_visits_count(db: Database, city: made_city.City) -> None:
    before = await report(db)
    async with db.transaction(Role.worker) as session:
        await session.execute(
            text(
                "UPDATE inspection SET state = 'open' WHERE number = (SELECT min(number) FROM inspection"
                " WHERE inspected_on BETWEEN '2023-01-01' AND '2023-06-30')"
            )
        )
    assert (await report(db))["site_visits"]["value"] == before["site_visits"]["value"] - 1


async def test_rows_come_in_pages_that_meet(db: Database, city: made_city.City) -> None:
    seen: list[Any] = []
    offset: int | None = 0
    async with db.transaction(Role.worker) as session:
        while offset is not None:
            page = await rows_behind(session, "site_visits", CITY, HALF_YEAR, limit=50, offset=offset)
            seen += [row["number"] for row in page.items]
            offset = page.next_offset
    wanted = {one.number for one in city.visits if HALF_YEAR.from_on <= one.day <= HALF_YEAR.to_on}
    assert len(seen) == len(set(seen)) == page.total
    assert set(seen) == wanted


async def test_what_cannot_be_answered_says_so(db: Database, city: made_city.City) -> None:
    with pytest.raises(Refused) as unknown:
        await report(db, area="990000")
    assert unknown.value.code == "jurisdictions.area_unknown"
    with pytest.raises(Invalid) as comparison:
        await report(db, compare="month")
    assert comparison.value.code == "efficiency.comparison_unknown"
    with pytest.raises(Refused) as future:
        await report(db, period=Period(date(2099, 1, 1), date(2099, 2, 1)))
    assert future.value.code == "law.calendar_missing"
    async with db.transaction(Role.worker) as session:
        with pytest.raises(Invalid) as figure:
            await rows_behind(session, "happiness", CITY, HALF_YEAR, limit=1)
        with pytest.raises(Invalid) as missing:
            await rows_behind(session, "coverage_rate", CITY, HALF_YEAR, limit=1, campaign=CAMPAIGNS[1])
        with pytest.raises(Refused) as campaign:
            await rows_behind(session, "coverage_rate", CITY, HALF_YEAR, limit=1, campaign="没有", kind="施工工地")
    codes = [caught.value.code for caught in (figure, missing, campaign)]
    assert codes == ["efficiency.figure_unknown", "kernel.field_missing", "campaigns.not_found"]
