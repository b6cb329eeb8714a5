"""The demo's pollution sources: about two thousand, spread over the four districts, all visibly samples."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from shapely import Point, Polygon
from shapely.geometry import shape
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from stdnum.cn import uscc

from liandong.demo.places import DISTRICTS, outlines_of_city
from liandong.kernel.clock import now
from liandong.kernel.ids import new_id
from liandong.registers.sources.tables import Enterprise, Source

PER_DISTRICT = 500
SEED = 20230508
"""The day of the first joint operation; any number would do."""

TRADES = [
    ("涂装", "3360", "金属表面处理及热处理加工", "工业企业", ["air", "water", "solid_waste", "permit"]),
    ("铸造", "3391", "黑色金属铸造", "工业企业", ["air", "noise", "permit"]),
    ("化工", "2614", "有机化学原料制造", "工业企业", ["air", "water", "solid_waste", "permit"]),
    ("印刷", "2319", "包装装潢及其他印刷", "工业企业", ["air", "solid_waste", "permit"]),
    ("家具", "2110", "木质家具制造", "工业企业", ["air", "noise"]),
    ("建材", "3031", "粘土砖瓦及建筑砌块制造", "工业企业", ["air", "noise", "construction"]),
    ("污水厂", "4620", "污水处理及其再生利用", "污水处理厂", ["water", "permit"]),
    ("加油站", "5265", "机动车燃油零售", "三产单位", ["air"]),
    ("餐饮", "6210", "正餐服务", "三产单位", ["air", "noise"]),
    ("养殖", "0313", "猪的饲养", "生产经营业户", ["water", "solid_waste"]),
    ("工地", "4710", "住宅房屋建筑", "施工工地", ["air", "noise", "construction"]),
]
MEASURES = {
    "涂装": ("C级", "喷涂、烘干工序停产；禁止重型货车进出厂区"),
    "铸造": ("B级", "熔炼工序限产 50%；物料堆场全覆盖"),
    "建材": ("D级", "窑炉停产；禁止重型货车进出厂区；道路每日洒水四次"),
    "工地": ("无分级", "停止土石方作业；裸土全覆盖；渣土车停运"),
}
"""What an import keeps of the emergency list of heavy pollution: grade and measures. The other trades have none on record."""
CLASSES = ["key", "simplified", "simplified", "registered", "registered", "registered", "none"]


async def add_sources(session: AsyncSession) -> int:
    """Afterwards every district has its sample sources. Returns how many there are in all."""
    chance = random.Random(SEED)  # noqa: S311  samples, not secrets
    outlines, _ = outlines_of_city()
    enterprises: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    for code, name in DISTRICTS.items():
        polygon = shape(outlines[code])
        assert isinstance(polygon, Polygon)
        for number in range(1, PER_DISTRICT + 1):
            enterprise, source = _sample(chance, code, name, number, _place_in(chance, polygon))
            enterprises.append(enterprise)
            sources.append(source)
    await session.execute(insert(Enterprise), enterprises)
    await session.execute(insert(Source), sources)
    return len(sources)


def _place_in(chance: random.Random, polygon: Polygon) -> tuple[float, float]:
    west, south, east, north = polygon.bounds
    while True:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if polygon.contains(point):
            return round(point.x, 6), round(point.y, 6)


def _measures(trade: str) -> dict[str, str]:
    if trade not in MEASURES:
        return {}
    grade, words = MEASURES[trade]
    return {"绩效分级（示例）": grade, "重污染天气应急减排措施（示例）": words}


def sample_code(area_code: str, number: int) -> str:
    """A credit code with a true check digit, of registry 99, which issues none."""
    stem = f"99{area_code}{number:09d}"
    return stem + uscc.calc_check_digit(stem)


def _sample(
    chance: random.Random, area_code: str, district: str, number: int, place: tuple[float, float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    trade, industry_code, industry, kind, elements = chance.choice(TRADES)
    name = f"示例{district}{trade}{number:04d}号"
    has_code = kind != "生产经营业户" or chance.random() < 0.5  # small polluters without a code are legal
    code = sample_code(area_code, number) if has_code else None
    enterprise_id: UUID = new_id()
    source = {
        "id": new_id(), "enterprise_id": enterprise_id, "natural_key": code or f"{name}@{area_code}", "name": name,
        "uscc": code, "permit_code": None, "area_code": area_code, "address": f"{district}区示例路{number}号",
        "lon": place[0], "lat": place[1], "position_note": None, "industry_code": industry_code,
        "industry_name": industry, "permit_class": "none" if code is None else chance.choice(CLASSES),
        "supervision_class": chance.choices(["key", "general", "special"], [13, 84, 3])[0], "object_kind": kind,
        "elements": elements, "extra": _measures(trade), "updated_at": now(),
    }  # fmt: skip
    return {"id": enterprise_id, "uscc": code, "name": name}, source
