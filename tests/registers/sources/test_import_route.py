"""A register comes in through the door: previewed, mapped, and never into somebody else's area."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import As
from tests.registers.sources.made import credit_code
from tests.seat import Seat
from tests.world import World


def file_of(*lines: str, encoding: str = "gb18030") -> dict[str, Any]:
    """A register as it is uploaded."""
    return {"file": ("示例名录.csv", "\n".join(lines).encode(encoding), "text/csv")}


async def send(seat: Seat, path: str, files: dict[str, Any], **form: str) -> Any:
    """What the API says to an upload."""
    answer = await seat.ask("POST", f"/imports/sources{path}", files=files, data=form)
    return answer.status_code, answer.json()


async def test_a_preview_shows_what_would_be_read_and_writes_nothing(as_: As, world: World) -> None:
    seat = as_(world.east.dispatcher)
    before = (await seat.get("/sources"))["total"]
    status, shown = await send(seat, "/preview", file_of("名录,,", "企业名称,代码,备注", "示例厂,-,甲", "样本厂,-,乙"))
    assert status == 200
    assert (shown["columns"], shown["encoding"], shown["rows"]) == (["企业名称", "代码", "备注"], "gb18030", 2)
    assert (shown["mapping"]["name"], shown["mapping"]["uscc"], shown["mapping"]["lon"]) == ("企业名称", "代码", None)
    assert shown["sample"][0] == ["示例厂", "-", "甲"]
    assert [one["field"] for one in shown["fields"] if one["required"]] == ["name"]
    assert (await seat.get("/sources"))["total"] == before


async def test_a_register_is_taken_into_ones_own_area_and_no_other(as_: As, world: World) -> None:
    seat = as_(world.east.dispatcher)
    lines = [
        "标牌,信用代码,行政区划代码",
        f"示例新厂,{credit_code(1)},",
        f"别家新厂,{credit_code(2)},{world.west.area_code}",
    ]
    status, report = await send(seat, "", file_of(*lines), mapping=json.dumps({"name": "标牌"}))
    assert status == 200, report
    assert (report["rows"], report["created"], len(report["rejected"])) == (2, 1, 1)
    assert report["rejected"][0]["reason"].startswith("access.other_area")
    found = await seat.get("/sources", q="示例新厂")
    assert [one["area_code"] for one in found["items"]] == [world.east.area_code]
    assert (await as_(world.west.dispatcher).get("/sources", q="新厂"))["total"] == 0
    _, again = await send(seat, "", file_of(*lines), mapping=json.dumps({"name": "标牌"}))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)


async def test_a_source_that_a_neighbour_has_is_not_taken_over_and_not_shown(as_: As, world: World) -> None:
    lines = ["单位名称,信用代码", f"示例共用厂,{credit_code(3)}"]
    assert (await send(as_(world.west.dispatcher), "", file_of(*lines)))[1]["created"] == 1
    _, report = await send(as_(world.east.dispatcher), "", file_of(*lines))
    assert (report["created"], [one["reason"].split("：")[0] for one in report["rejected"]]) == (
        0,
        ["sources.elsewhere"],
    )
    assert (await as_(world.east.dispatcher).get("/sources", q="示例共用厂"))["total"] == 0


async def test_who_may_not_import_is_told_so(as_: As, world: World) -> None:
    for path in ("", "/preview"):
        status, problem = await send(as_(world.east.lin), path, file_of("单位名称", "示例厂"))
        assert (status, problem["code"]) == (403, "access.verb_missing")


async def test_what_is_no_register_is_refused_in_words(as_: As, world: World) -> None:
    seat = as_(world.east.dispatcher)
    for files, code in (
        ({"file": ("空.csv", b"", "text/csv")}, "import.file_empty"),
        ({"file": ("坏.xlsx", b"PK\x03\x04", "text/csv")}, "import.file_unreadable"),
        (file_of("编号,代码", "1,2"), "import.column_missing"),
    ):
        status, problem = await send(seat, "", files)
        assert (status, problem["code"]) == (422, code)
        assert problem["title"] != code
