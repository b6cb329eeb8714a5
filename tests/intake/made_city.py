"""A made-up city's ledger, and what its report must say, computed here in plain Python from the same rows.

It differs from any real ledger in every way that a reader could lean on: other areas, headers, encodings, separators
and orders of columns, officers who come and go, visits by one officer, dirty and repeated rows.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import chinese_calendar
import xlsxwriter

from tests.registers.sources.made import credit_code

CITY = "131100"
COUNTIES = ("131102", "131103", "131121", "131122", "131182")
CAMPAIGNS = ("示例秋冬季专项行动", "示例扬尘专项行动", "示例上年专项行动")
ELEMENTS, SEVERITIES = ("废气", "废水", "噪声", "固废"), ("一般", "较重", "严重")


@dataclass
class Visit:
    """One inspection of the made-up ledger."""

    number: str
    day: date
    source: str
    area: str
    officers: list[str]
    campaign: str = ""
    problems: list[date | None] = field(default_factory=list)


@dataclass
class City:
    """The made-up ledger: rosters as (certificate, area, first day, last day), sources as (code, area), visits."""

    rosters: list[tuple[str, str, date, date | None]]
    sources: list[tuple[str, str]]
    visits: list[Visit]
    targets: list[tuple[str, str, str]]
    draws: list[tuple[str, str, str, str]]


def make(seed: int, *, prefix: str = "示例") -> City:
    """A city that is the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same city every time
    sources = [(credit_code(seed * 1000 + number), chance.choice(COUNTIES)) for number in range(120)]
    rosters = []
    for number in range(40):
        area = CITY if number < 5 else chance.choice(COUNTIES)
        first = chance.choice([date(2018, 1, 1), date(2022, 3, 15), date(2023, 2, 10)])
        last = chance.choice([None, None, None, date(2022, 12, 31), date(2023, 4, 20)])
        rosters.append((f"1311{number:06d}", area, first, last if last is None or last > first else None))
    visits = []
    for number in range(900):
        source, area = chance.choice(sources)
        day = date(2022, 1, 1) + timedelta(days=chance.randrange(730))
        team = chance.sample([one[0] for one in rosters], chance.choice([1, 2, 2, 2, 3, 4]))
        visits.append(Visit(f"{prefix}{number:05d}", day, source, area, team))
    _add_campaigns(chance, visits)
    for visit in visits:
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            visit.problems.append(visit.day + timedelta(days=9) if chance.random() < 0.8 else None)
    targets = [
        (CAMPAIGNS[1], code, "施工工地" if number % 3 else "搅拌站") for number, (code, _) in enumerate(sources[:60])
    ]
    draws = [
        (batch, level, code, area)
        for batch in ("2022年第四季度", "2023年第一季度", "2023年第二季度", "2023年第三季度")
        for level in ("市级", "县级")
        for code, area in chance.sample(sources, 12 if level == "市级" else 30)
    ]
    return City(rosters, sources, visits, targets, draws)


def _add_campaigns(chance: random.Random, visits: list[Visit]) -> None:
    for visit in visits:
        if date(2022, 11, 1) <= visit.day <= date(2023, 2, 28) and chance.random() < 0.5:
            visit.campaign = CAMPAIGNS[0]
        elif date(2023, 4, 1) <= visit.day <= date(2023, 4, 30):
            visit.campaign = CAMPAIGNS[1]
        elif visit.day < date(2022, 6, 1) and chance.random() < 0.2:
            visit.campaign = CAMPAIGNS[2]


def _half_up(value: Decimal, digits: int) -> float:
    return float(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def expected(city: City, area: str, first: date, last: date) -> dict[str, Any]:
    """What the report of a period within one year must say beside the year before."""
    stem = area.rstrip("0") if area == CITY else area
    now, before = (_activity(city, stem, *days) for days in ((first, last), _year_before(first, last)))
    return {
        "area": area,
        "from": str(first),
        "to": str(last),
        **{name: _beside(now[name], before[name]) for name in ("site_visits", "officer_turnouts", "activity_index")},
        "roster": now["roster"],
        "working_days": now["working_days"],
        "campaigns": _campaigns(city, stem, first, last),
        "draws": _draws(city, stem),
    }


def _year_before(first: date, last: date) -> tuple[date, date]:
    return first.replace(year=first.year - 1), last.replace(year=last.year - 1)


def _activity(city: City, stem: str, first: date, last: date) -> dict[str, Any]:
    visits = [one for one in city.visits if one.area.startswith(stem) and first <= one.day <= last]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    working = [day for day in days if chinese_calendar.is_workday(day)]
    on_roster: dict[str, set[date]] = {}
    for number, area, begin, end in city.rosters:
        inside = [day for day in days if begin <= day <= (end or last)]
        if area.startswith(stem) and inside:
            on_roster.setdefault(number, set()).update(inside)
    officer_days = sum(len(held & set(working)) for held in on_roster.values())
    turnouts = sum(len(one.officers) for one in visits)
    return {
        "site_visits": len(visits),
        "officer_turnouts": turnouts,
        "activity_index": _half_up(Decimal(turnouts) / officer_days, 2) if officer_days else None,
        "roster": len(on_roster),
        "working_days": len(working),
    }


def _beside(value: Any, previous: Any) -> dict[str, Any]:
    if value is None or previous is None:
        return {"value": value, "previous": previous, "change": None, "percent": None}
    change = Decimal(str(value)) - Decimal(str(previous))
    percent = _half_up(change * 100 / Decimal(str(previous)), 2) if previous else None
    whole = isinstance(value, int)
    return {"value": value, "previous": previous, "change": int(change) if whole else float(change), "percent": percent}


def _campaigns(city: City, stem: str, first: date, last: date) -> list[dict[str, Any]]:
    found = []
    for name in CAMPAIGNS:
        visits = [one for one in city.visits if one.campaign == name and one.area.startswith(stem)]
        if not any(first <= one.day <= last for one in visits):
            continue
        problems = [rectified for one in visits for rectified in one.problems]
        found.append(
            {
                "name": name,
                "officer_turnouts": sum(len(one.officers) for one in visits),
                "points": len(visits),
                "problems": len(problems),
                "rectified": len([day for day in problems if day]),
                "coverage": _coverage(city, stem, name),
                "first": min(one.day for one in visits),
            }
        )
    found.sort(key=lambda one: (one["first"], one["name"]))
    return [{key: value for key, value in one.items() if key != "first"} for one in found]


def _coverage(city: City, stem: str, name: str) -> list[dict[str, Any]]:
    areas = dict(city.sources)
    visited = {one.source for one in city.visits if one.campaign == name}
    found = []
    for kind in sorted({kind for campaign, code, kind in city.targets if campaign == name}):
        codes = [code for campaign, code, one in city.targets if (campaign, one) == (name, kind)]
        codes = [code for code in codes if areas[code].startswith(stem)]
        covered = len(visited.intersection(codes))
        if codes:
            share = _half_up(Decimal(covered) * 100 / len(codes), 1)
            found.append({"kind": kind, "covered": covered, "total": len(codes), "percent": share})
    return found


def _draws(city: City, stem: str) -> list[dict[str, Any]]:
    found = []
    for batch in ("2023年第一季度", "2023年第二季度"):
        for zh, level in (("市级", "city"), ("县级", "county")):
            drawn = [one for one in city.draws if one[:2] == (batch, zh) and one[3].startswith(stem)]
            if drawn:
                found.append({"batch": batch, "level": level, "drawn": len(drawn)})
    return found


def write(city: City, folder: Path, *, dirty: bool = True) -> None:
    """The ledger as a folder: every file in another format, some of its rows dirty or repeated."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [["序号", "企业名称", "社会信用代码", "所属区划代码"]]
    sources += [[str(n), f"示例企业{n:03d}", code, area] for n, (code, area) in enumerate(city.sources)]
    _csv(folder / "污染源名录.csv", sources, "gb18030", ",")
    _workbook(folder / "执法人员.xlsx", city)
    _csv(folder / "inspections.txt", _visit_rows(city, dirty=dirty), "utf-8-sig", "\t")
    _csv(folder / "问题清单.csv", _problem_rows(city), "utf-8", ";")
    _csv(folder / "campaign_targets.csv", [["专项名称", "信用代码", "类型"], *map(list, city.targets)], "utf-8", ",")
    draws = [["抽查批次", "抽查层级", "信用代码", "区划代码"], *map(list, city.draws)]
    _csv(folder / "draws.csv", draws, "gb18030", ",")


def _visit_rows(city: City, *, dirty: bool) -> list[list[str]]:
    rows = [["执法人员", "信用代码", "检查单号", "检查时间", "区划代码", "专项名称", "检查方式", "检查类别"]]
    for number, one in enumerate(city.visits):
        day = (f"{one.day:%Y-%m-%d}", f"{one.day:%Y/%m/%d}", f"{one.day.year}年{one.day.month}月{one.day.day}日")[
            number % 3
        ]
        officers = ("；", "、", ",")[number % 3].join(one.officers)
        source = one.source.lower() if dirty and number % 7 == 0 else one.source
        rows.append(
            [officers, source, one.number, day, one.area, one.campaign, ("本地", "交叉执法")[number % 2], "日常检查"]
        )
    if dirty:
        rows.append(list(rows[5]))
        rows.append([*rows[6][:3], "2023-13-45", *rows[6][4:]])
        rows.append(["", "", "", "", "", "", "", ""])
        rows.append([rows[7][0], rows[7][1], "示例坏行", "没有日期", "131102", "", "", ""])
    return rows


def _problem_rows(city: City) -> list[list[str]]:
    rows = [["问题编号", "检查编号", "问题类型", "程度", "整改期限", "整改完成时间"]]
    for one in city.visits:
        for number, rectified in enumerate(one.problems):
            due = one.day + timedelta(days=15)
            element, severity = ELEMENTS[number % 4], SEVERITIES[number % 3]
            rows.append([f"{one.number}-{number}", one.number, element, severity, str(due), str(rectified or "")])
    return rows


def _workbook(file: Path, city: City) -> None:
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write(0, 0, "示例市执法人员名册")
        for column, title in enumerate(["人员姓名", "证件号", "所属区划代码", "在册日期起", "在册日期止"]):
            sheet.write(2, column, title)
        for row, (number, area, first, last) in enumerate(city.rosters, start=3):
            for column, value in enumerate([f"示例员{number[-3:]}", number, area, first, last or ""]):
                sheet.write(row, column, value)


def _csv(file: Path, rows: list[list[str]], encoding: str, separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))
