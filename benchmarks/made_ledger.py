"""A made-up ledger of a city's size: 44,000 visits of two years to 12,000 sources by 570 officers."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import uscc

COUNTIES = [f"1309{number}" for number in (*range(21, 31), *range(81, 85), "02", "03")]
SOURCES, OFFICERS, VISITS = 12_000, 570, 44_000


def write_ledger(folder: Path) -> Path:
    """The folder, with the files of the ledger in it; the same every time."""
    chance = random.Random(1)  # noqa: S311 - the same ledger every time
    codes = [_code(number) for number in range(SOURCES)]
    areas = [chance.choice(COUNTIES) for _ in codes]
    officers = [f"0313{number:08d}" for number in range(OFFICERS)]
    _write(
        folder / "sources.csv",
        ["单位名称", "统一社会信用代码", "行政区划代码", "经度", "纬度"],
        ((f"示例企业{n:05d}", code, areas[n], 116 + n / 10**5, 38 + n / 10**5) for n, code in enumerate(codes)),
    )
    _write(
        folder / "officers.csv",
        ["执法证号", "姓名", "单位行政区划代码", "在册起", "在册止"],
        ((one, f"示例员{one[-4:]}", chance.choice(COUNTIES), "2018-01-01", "") for one in officers),
    )
    _write(
        folder / "inspections.csv",
        [
            "检查编号",
            "检查日期",
            "开始时间",
            "结束时间",
            "统一社会信用代码",
            "行政区划代码",
            "执法人员证号",
            "检查类型",
            "专项行动",
        ],
        (_visit(chance, number, codes, areas, officers) for number in range(VISITS)),
    )
    return folder


def _visit(chance: random.Random, number: int, codes: list[str], areas: list[str], officers: list[str]) -> list[str]:
    place = chance.randrange(SOURCES)
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(547))
    team = ";".join(chance.sample(officers, chance.choice([2, 2, 2, 3, 4])))
    campaign = "示例专项行动" if day.month == 4 and number % 5 == 0 else ""
    times = [f"{day} {hour:02d}:{chance.randrange(60):02d}" for hour in (9, 11)]
    return [f"示例{number:06d}", str(day), *times, codes[place], areas[place], team, "日常检查", campaign]


def _code(number: int) -> str:
    body = f"92990101MB{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _write(file: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])
