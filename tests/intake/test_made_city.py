"""A ledger of another city, made here: its report says what plain Python counts from the same rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from liandong.intake.actions import LedgerReport, import_ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.queries import efficiency_report
from tests.intake import made_city
from tests.intake.made_city import CITY, COUNTIES

FIRST, LAST = date(2023, 1, 1), date(2023, 6, 30)


async def take_in(db: Database, folder: Path, **more: Any) -> LedgerReport:
    """Take in a ledger and check that every row of every file is accounted for."""
    async with db.transaction(Role.worker) as session:
        report = await import_ledger(session, folder, **more)
    for one in report.files.values():
        assert one.rows == one.created + one.updated + one.unchanged + len(one.rejected)
    return report


async def report_of(db: Database, area: str, first: date = FIRST, last: date = LAST) -> dict[str, Any]:
    """The report as the command line prints it."""
    async with db.transaction(Role.worker) as session:
        return (await efficiency_report(session, area, Period(first, last), "year")).body()


async def ask(db: Database, query: str) -> Any:
    """The only value that a query finds."""
    async with db.transaction(Role.worker) as session:
        return (await session.execute(text(query))).scalar_one()


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_report_says_what_the_rows_say(db: Database, tmp_path: Path, seed: int) -> None:
    city = made_city.make(seed)
    made_city.write(city, tmp_path)
    report = await take_in(db, tmp_path)
    assert report.area == CITY
    for area in (CITY, *COUNTIES[:2]):
        assert await report_of(db, area) == made_city.expected(city, area, FIRST, LAST)
    spring = date(2023, 3, 1), date(2023, 5, 31)
    found, wanted = await report_of(db, CITY, *spring), made_city.expected(city, CITY, *spring)
    assert found == wanted


async def test_dirty_rows_are_told_and_a_second_time_changes_nothing(db: Database, tmp_path: Path) -> None:
    made_city.write(made_city.make(3), tmp_path)
    first = await take_in(db, tmp_path)
    visits = first.files["inspections"]
    assert (visits.rows, visits.created, visits.unchanged, len(visits.rejected)) == (903, 900, 1, 2)
    assert [entry["reason"].split("：")[0] for entry in visits.rejected] == ["import.date_unreadable"] * 2
    told = {note["reason"].split("：")[0]: note["rows"] for note in visits.notes if "rows" in note}
    alone = sum(len(one.officers) == 1 for one in made_city.make(3).visits)
    assert told["import.too_few_officers"] == alone
    facts = await ask(db, "SELECT count(*) FROM ledger_fact")
    second = await take_in(db, tmp_path)
    for one in second.files.values():
        assert (one.created, one.updated) == (0, 0)
    assert second.files["inspections"].rejected == visits.rejected
    assert await ask(db, "SELECT count(*) FROM ledger_fact") == facts


async def test_what_no_register_has_is_made_and_told(db: Database, tmp_path: Path) -> None:
    (tmp_path / "inspections.csv").write_text(
        "检查编号,检查日期,统一社会信用代码,单位名称,行政区划代码,执法人员证号,检查类型,执法方式\n"
        "示1,2023-02-01,,无名砖厂,131102,甲01;甲02,飞行检查,空中\n"
        "示2,2023-02-02,,无名砖厂,131102,甲01;甲01,日常检查,本地\n"
        "示3,2023-02-03,925,,131102,,日常检查,本地\n",
        encoding="utf-8",
    )
    first = await take_in(db, tmp_path)
    told = {(note["field"], note["value"]): note["rows"] for note in first.files["inspections"].notes}
    assert told["officers", "甲01"] == 2
    assert told["officers", "甲02"] == 1
    assert told["source", "无名砖厂"] == 2
    assert told["kind", "飞行检查"] == told["mode", "空中"] == 1
    found = await report_of(db, "131102", date(2023, 2, 1), date(2023, 2, 28))
    assert (found["site_visits"]["value"], found["officer_turnouts"]["value"]) == (3, 3)
    assert (found["activity_index"]["value"], found["roster"]) == (None, 0)
    assert await ask(db, "SELECT count(*) FROM source WHERE extra ? '名录外单位'") == 2
    assert await ask(db, "SELECT kind FROM inspection WHERE number = '示1'") == "飞行检查"
    second = await take_in(db, tmp_path)
    assert second.counts()["inspections"]["unchanged"] == 3
    assert await ask(db, "SELECT count(*) FROM officer") == 2


async def test_an_officer_who_was_unknown_keeps_the_visits_when_the_roster_comes(db: Database, tmp_path: Path) -> None:
    (tmp_path / "inspections.csv").write_text(
        "检查编号,检查日期,单位名称,行政区划代码,执法人员证号\n示1,2023-02-01,无名砖厂,131102,甲01;甲02\n",
        encoding="utf-8",
    )
    await take_in(db, tmp_path)
    (tmp_path / "officers.csv").write_text("执法证号,姓名,单位行政区划代码\n甲01,示例员,131102\n", encoding="utf-8")
    report = await take_in(db, tmp_path)
    assert report.counts()["officers"]["created"] == 1
    assert report.counts()["inspections"]["unchanged"] == 1
    assert await ask(db, "SELECT count(*) FROM officer") == 2
    found = await report_of(db, "131102", date(2023, 2, 1), date(2023, 2, 28))
    assert (found["roster"], found["activity_index"]["value"]) == (1, 0.1)


async def test_a_later_ledger_says_what_has_happened_since(db: Database, tmp_path: Path) -> None:
    (tmp_path / "inspections.csv").write_text(
        "检查编号,检查日期,单位名称,行政区划代码,执法人员证号\n示1,2023-02-01,砖厂,131102,甲01;甲02\n", encoding="utf-8"
    )
    problems = tmp_path / "problems.csv"
    header = "问题编号,检查编号,要素,程度,整改期限,整改完成日期,回头看日期,回头看结果\n"
    problems.write_text(f"{header}示1-1,示1,废水,一般,2023-02-10,,,\n", encoding="utf-8")
    await take_in(db, tmp_path)
    assert await ask(db, "SELECT state FROM problem") == "ordered"
    problems.write_text(f"{header}示1-1,示1,废水,一般,2023-02-10,2023-02-09,2023-03-09,回潮\n", encoding="utf-8")
    report = await take_in(db, tmp_path)
    assert report.counts()["problems"]["updated"] == 1
    assert await ask(db, "SELECT state || relapse_count || rectified_on FROM problem") == "relapsed12023-02-09"
    assert await ask(db, "SELECT outcome || due_on FROM look_back") == "relapsed2023-03-09"
    assert (await take_in(db, tmp_path)).counts()["problems"]["unchanged"] == 1


async def test_what_was_moved_here_is_no_longer_the_ledgers_to_change(db: Database, tmp_path: Path) -> None:
    (tmp_path / "problems.csv").write_text(
        "问题编号,行政区划代码,发现日期,要素,程度,整改期限\n示1-1,131102,2023-02-01,废水,一般,2023-02-10\n",
        encoding="utf-8",
    )
    await take_in(db, tmp_path)
    async with db.transaction(Role.worker) as session:
        await session.execute(
            text(
                "INSERT INTO problem_move (id, problem_id, verb, before, after, moved_at, mover_name, evidence_ids, area_code)"
                " SELECT id, id, 'claim', 'ordered', 'claimed', now(), '示例', '{}', area_code FROM problem"
            )
        )
        await session.execute(text("UPDATE problem SET state = 'claimed', severity = 'major'"))
    assert (await take_in(db, tmp_path)).counts()["problems"]["unchanged"] == 1
    assert await ask(db, "SELECT state || severity FROM problem") == "claimedmajor"


async def test_another_city_may_use_the_same_numbers(db: Database, tmp_path: Path) -> None:
    made_city.write(made_city.make(4), tmp_path / "one")
    await take_in(db, tmp_path / "one")
    before = await report_of(db, CITY)
    other = tmp_path / "other"
    other.mkdir()
    problems = (tmp_path / "one" / "问题清单.csv").read_text(encoding="utf-8")
    (other / "问题清单.csv").write_text(problems, encoding="utf-8")
    visits = (tmp_path / "one" / "inspections.txt").read_text(encoding="utf-8-sig").replace("\t1311", "\t3701")
    (other / "inspections.txt").write_text(visits, encoding="utf-8")
    report = await take_in(db, other)
    assert report.area == "370100"
    assert report.counts()["inspections"]["created"] == 900
    assert report.counts()["问题清单"]["created"] == await ask(db, "SELECT count(*) / 2 FROM problem")
    assert await report_of(db, CITY) == before
    found = await report_of(db, "370100")
    assert (found["site_visits"], found["officer_turnouts"]) == (before["site_visits"], before["officer_turnouts"])
    assert [one["problems"] for one in found["campaigns"]] == [one["problems"] for one in before["campaigns"]]
    assert (await take_in(db, other)).counts()["inspections"]["created"] == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("随便.txt", "甲,乙\n", "import.ledger_incomplete"),
        ("inspections.csv", "", "import.file_unreadable"),
        (None, "", "import.file_missing"),
    ],
)
async def test_what_is_no_ledger_is_refused(
    db: Database, tmp_path: Path, name: str | None, content: str, code: str
) -> None:
    if name:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        await take_in(db, tmp_path if name else tmp_path / "nowhere")
    assert refused.value.code == code


async def test_a_broken_file_leaves_nothing_behind(db: Database, tmp_path: Path) -> None:
    made_city.write(made_city.make(5), tmp_path)
    (tmp_path / "draws.csv").write_text("没有,这些,列\n1,2,3\n", encoding="utf-8")
    with pytest.raises(Invalid):
        await take_in(db, tmp_path)
    assert await ask(db, "SELECT count(*) FROM source") == 0
