"""A register of sources is taken in: cleaned, told apart, placed; nothing dropped, and a second time nothing changed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.imports import ImportReport
from liandong.kernel.sheets import Sheet, read_file
from liandong.registers.jurisdictions.tables import Area
from liandong.registers.sources.actions import import_sources
from liandong.registers.sources.drafts import Options
from liandong.registers.sources.tables import Enterprise, Source
from tests.registers.sources.made import HEADER, credit_code, register
from tests.world import BORDER_POINT, World

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "enterprises" / "ningxia-first-half.csv"
ONE, TWO, THREE = (credit_code(number) for number in (1, 2, 3))


async def take_in(db: Database, sheets: list[Sheet], **more: Any) -> ImportReport:
    """Take in a register and check that every row is accounted for."""
    async with db.transaction(Role.worker) as session:
        report = await import_sources(session, sheets, title="示例名录", **more)
    assert report.rows == report.created + report.updated + report.unchanged + len(report.rejected)
    rejected = [entry["row"] for entry in report.rejected]
    assert len(rejected) == len(set(rejected))
    return report


async def sources(db: Database) -> dict[str, Source]:
    """Every source on record, by name."""
    async with db.transaction(Role.worker) as session:
        return {one.name: one for one in (await session.scalars(select(Source))).all()}


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return report.created, report.updated, report.unchanged, len(report.rejected)


async def test_one_bad_row_never_loses_the_others(db: Database) -> None:
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    lines = [
        f"示例一厂,{ONE},,130903,,",
        f"示例二厂,{wrong},,130903,,",
        ",,,130903,,",
        "示例三厂,-,,130903,,",
        f"示例四厂,{TWO},,130903,,,多了",
    ]
    report = await take_in(db, register(*lines))
    assert counts(report) == (2, 0, 0, 3)
    by_row = {entry["row"]: entry for entry in report.rejected}
    assert by_row[3]["reason"].startswith("sources.uscc_check_digit")
    assert (by_row[3]["field"], by_row[3]["value"]) == ("uscc", wrong)
    assert by_row[4]["reason"].startswith("sources.name_missing")
    assert by_row[6]["reason"].startswith("import.row_too_long")
    assert set(await sources(db)) == {"示例一厂", "示例三厂"}


async def test_a_bad_code_may_be_kept_out_and_the_row_kept_in(db: Database) -> None:
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    report = await take_in(db, register(f"示例一厂,{wrong},,130903,,"), options=Options(keep_bad_codes=True))
    assert counts(report) == (1, 0, 0, 0)
    kept = (await sources(db))["示例一厂"]
    assert (kept.uscc, kept.extra["统一社会信用代码"]) == (None, wrong)
    assert {"row": 2, "field": "uscc", "from": wrong, "to": None} in report.repaired


async def test_every_change_of_a_value_is_told(db: Database) -> None:
    header = "单位名称,信用代码,经度,纬度,排污许可管理类别,行业,行政区划代码,备注,气物"
    line = f" 示例　一厂 ,{ONE.lower()}（01）,38.3,116.8,重点管理,（C2614）有机化学原料制造,130903,老厂,二氧化硫"
    report = await take_in(db, register(line, header=header))
    told = {entry["field"]: (entry["from"], entry["to"]) for entry in report.repaired}
    assert told == {
        "name": (" 示例　一厂 ", "示例 一厂"),
        "uscc": (f"{ONE.lower()}（01）", ONE),
        "lon": ("38.3", 116.8),
        "lat": ("116.8", 38.3),
        "industry_name": ("（C2614）有机化学原料制造", "有机化学原料制造"),
    }
    kept = (await sources(db))["示例 一厂"]
    assert (kept.lon, kept.lat, kept.permit_class, kept.industry_code) == (116.8, 38.3, "key", "2614")
    assert kept.natural_key == f"{ONE}-01"
    assert (kept.elements, kept.extra) == (["air"], {"备注": "老厂", "气物": "二氧化硫"})


async def test_sites_of_one_enterprise_are_sources_of_their_own(db: Database) -> None:
    lines = [
        f"示例公司（甲厂）,{ONE}(01),,130903,,",
        f"示例公司（乙厂）,{ONE}（02）,,130903,,",
        f"示例公司,{ONE},,130903,,",
    ]
    lines += [f"示例公司丙厂,{ONE},,130903,,", f"示例公司丁厂,{ONE},{ONE}001V,130903,,"]
    report = await take_in(db, register(*lines))
    assert counts(report) == (5, 0, 0, 0)
    async with db.transaction(Role.worker) as session:
        (enterprise,) = (await session.scalars(select(Enterprise))).all()
    assert (enterprise.uscc, enterprise.name) == (ONE, "示例公司")
    assert {one.enterprise_id for one in (await sources(db)).values()} == {enterprise.id}
    assert counts(await take_in(db, register(*lines))) == (0, 0, 5, 0)


async def test_a_site_in_another_city_does_not_move_the_one_at_home(db: Database) -> None:
    await take_in(db, register(f"示例总厂,{ONE},,130903,,"))
    elsewhere = register(f"示例分厂,{ONE},,370103,,")
    assert counts(await take_in(db, elsewhere)) == (1, 0, 0, 0)
    assert counts(await take_in(db, elsewhere)) == (0, 0, 1, 0)
    found = await sources(db)
    assert (found["示例总厂"].area_code, found["示例分厂"].area_code) == ("130903", "370103")
    moved = await take_in(db, register(f"示例总厂,{ONE},,370102,,"))
    assert counts(moved) == (0, 1, 0, 0)


async def test_repeated_rows_are_told_apart_from_contradictions(db: Database) -> None:
    lines = [f"示例一厂,{ONE},{ONE}001V,130903,116.8,38.3", f"示例一厂,{ONE},{ONE}001V,130903,116.8,38.3"]
    lines += [f"示例一厂（改名）,{ONE},{ONE}001V,130903,116.8,38.3"]
    report = await take_in(db, register(*lines))
    assert counts(report) == (1, 0, 1, 1)
    assert report.rejected[0]["reason"].startswith("sources.duplicate_differs")
    assert any(note["row"] == 3 and note["reason"].startswith("sources.duplicate") for note in report.notes)
    assert counts(await take_in(db, register(*lines))) == (0, 0, 2, 1)


async def test_a_later_file_changes_what_it_says_and_nothing_else(db: Database) -> None:
    await take_in(db, register(f"示例一厂,{ONE},,130903,116.8,38.3,老厂", header=f"{HEADER},备注"))
    later = register(f"示例一厂,{ONE},{ONE}001V", header="单位名称,信用代码,许可证编号")
    report = await take_in(db, later, default_area="130900")
    assert counts(report) == (0, 1, 0, 0)
    kept = (await sources(db))["示例一厂"]
    assert (kept.permit_code, kept.lon, kept.area_code, kept.extra) == (f"{ONE}001V", 116.8, "130903", {"备注": "老厂"})
    assert counts(await take_in(db, later, default_area="130900")) == (0, 0, 1, 0)


async def test_a_source_without_a_code_is_known_again_by_name_and_area(db: Database) -> None:
    lines = ["无名养殖场,,,130903,,", "无名养殖场,,,130902,,"]
    assert counts(await take_in(db, register(*lines))) == (2, 0, 0, 0)
    assert counts(await take_in(db, register(*reversed(lines)))) == (0, 0, 2, 0)


async def test_the_area_is_stated_or_told_from_position_or_names_or_given(db: Database, world: World) -> None:
    middle = ",".join(map(str, world.east.middle))
    lines = [
        f"述明厂,{credit_code(11)},,{world.west.area_code},,,,",
        f"定位厂,{credit_code(12)},,,{middle},,",
        f"列名厂,{credit_code(13)},,,,,沧州,运河区",
        f"别处厂,{credit_code(14)},,,,,中卫,",
        f"地址厂,{credit_code(15)},,,,,,,河北省沧州市新华区示例路1号",
        f"未述厂,{credit_code(16)},,,,,,",
    ]
    header = f"{HEADER},市,区县,地址"
    report = await take_in(db, register(*lines, header=header), default_area=world.south.area_code)
    found = {name: one.area_code for name, one in (await sources(db)).items() if name.endswith("厂")}
    assert found["述明厂"] == world.west.area_code
    assert found["定位厂"] == world.east.area_code
    assert (found["列名厂"], found["别处厂"], found["地址厂"]) == ("130903", "640500", "130902")
    assert found["未述厂"] == world.south.area_code
    assert counts(report) == (6, 0, 0, 0)
    async with db.transaction(Role.worker) as session:
        names = {one.area_code: one.name for one in (await session.scalars(select(Area))).all()}
    assert (names["640500"], names["640000"], names["130903"]) == ("中卫市", "宁夏回族自治区", "运河区")


async def test_without_any_hint_a_row_is_rejected_and_an_unknown_default_is_refused(db: Database) -> None:
    report = await take_in(db, register("无处厂,,,,,"))
    assert report.rejected[0]["reason"].startswith("sources.area_missing")
    with pytest.raises(Refused) as refused:
        await take_in(db, register("无处厂,,,,,"), default_area="999999")
    assert refused.value.code == "jurisdictions.area_unknown"


async def test_a_point_outside_its_area_is_kept_with_a_note(db: Database, world: World) -> None:
    middle = ",".join(map(str, world.east.middle))
    report = await take_in(
        db,
        register(
            f"错位厂,{ONE},,{world.west.area_code},{middle}",
            f"远方厂,{TWO},,{world.west.area_code},80.5,45.5",
            f"正位厂,{THREE},,{world.east.area_code},{middle}",
        ),
    )
    assert counts(report) == (3, 0, 0, 0)
    told = {note["row"]: note["reason"].split("：")[0] for note in report.notes}
    assert told == {2: "sources.outside_area", 3: "sources.outside_all_areas"}
    found = await sources(db)
    assert world.east.name in (found["错位厂"].position_note or "")
    assert found["远方厂"].position_note
    assert found["正位厂"].position_note is None
    assert (found["错位厂"].lon, found["错位厂"].lat) == world.east.middle


async def test_the_user_chooses_columns_and_the_file_must_have_a_name(db: Database) -> None:
    sheets = register("甲,示例一厂,130903", header="编号,标牌,行政区划代码")
    with pytest.raises(Invalid) as refused:
        await take_in(db, sheets)
    assert refused.value.code == "import.column_missing"
    assert counts(await take_in(db, sheets, mapping={"name": "标牌"})) == (1, 0, 0, 0)


async def test_dirt_of_every_kind_is_accounted_for_and_the_second_time_changes_nothing(db: Database) -> None:
    chance = random.Random(20260101)  # noqa: S311 - the same dirt every time
    codes = ["", "-", "无", "1234", *(credit_code(number) for number in range(300))]
    codes += [f"{code}(0{number})" for number, code in enumerate(codes[4:12])] + [
        code[:-1] + "?" for code in codes[4:9]
    ]
    permits = ["", "-", "办理中", *(f"{code}001P" for code in codes[4:90])]
    places = [
        ("116.8", "38.3"),
        ("38.3", "116.8"),
        ("116°48′", "38°18′"),
        ("", ""),
        ("x", "38.3"),
        ("0", "0"),
        ("116.8", ""),
    ]
    areas = ["130903", "130900", "", "运河区", "沧州市", "999999", "１３０９０３", "130903001"]
    lines = []
    for number in range(400):
        lon, lat = chance.choice(places)
        name = chance.choice(["", "示例厂", f"示例{number % 90}厂", f" 示例（{number % 50}）厂 "])
        cells = [name, chance.choice(codes), chance.choice(permits), chance.choice(areas), lon, lat]
        lines.append(",".join(cells) + chance.choice(["", "", "", ",", ",多"]))
    first = await take_in(db, register(*lines), default_area="130900")
    assert first.rows == 400
    assert first.created > 50
    second = await take_in(db, register(*lines), default_area="130900")
    assert (second.created, second.updated, second.rejected) == (0, 0, first.rejected)
    async with db.transaction(Role.worker) as session:
        facts = await session.execute(text("SELECT count(*) FROM ledger_fact WHERE name = 'SourcesImported'"))
        assert facts.scalar_one() == 1
        stored = await session.execute(text("SELECT count(*) FROM source"))
        assert stored.scalar_one() == first.created


@pytest.mark.skipif(not REAL.exists(), reason="the register of real enterprises is not beside the project")
async def test_a_real_dirty_register_is_taken_in(db: Database) -> None:
    sheets = read_file(REAL)
    report = await take_in(db, sheets)
    assert (sheets[0].encoding, report.rows) == ("gb18030", 110)
    reasons = {entry["row"]: entry["reason"].split("：")[0] for entry in report.rejected}
    assert reasons == {88: "sources.duplicate_differs", 95: "sources.uscc_check_digit"}
    told = {(entry["row"], entry["field"]): entry["to"] for entry in report.repaired}
    assert told[10, "uscc"] == told[11, "uscc"] == "916400005541616821"
    assert told[110, "uscc"] == "91640300MA75W0NY35"
    assert told[4, "uscc"] is None
    again = await take_in(db, sheets)
    assert (again.created, again.updated, again.rejected) == (0, 0, report.rejected)
    by_area = {one.area_code for one in (await sources(db)).values()}
    assert by_area == {"640100", "640200", "640300", "640400", "640500"}


async def test_a_border_point_belongs_to_one_area_whatever_the_order(db: Database, world: World) -> None:
    point = ",".join(map(str, BORDER_POINT))
    lines = [f"界上{number}厂,{credit_code(number)},,,{point}" for number in range(20, 24)]
    await take_in(db, register(*lines))
    areas = {one.area_code for name, one in (await sources(db)).items() if name.startswith("界上")}
    assert areas == {min(district.area_code for district in world.districts)}
