"""The demo's divisions and agencies, from the packaged data."""

from __future__ import annotations

import csv
import json
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.ids import new_id
from liandong.kernel.paths import PROJECT
from liandong.registers.jurisdictions.tables import Agency, Area

CITY = "370100"
DISTRICTS = {"370103": "市中", "370104": "槐荫", "370105": "天桥", "370113": "长清"}


async def add_areas(session: AsyncSession) -> None:
    """Every division of the two cities is known; districts have their outlines."""
    outlines, origin = outlines_of_city()
    rows = [
        {"area_code": "370000", "name": "山东省", "level": "province", "parent_code": None},
        *({"area_code": code, "name": name, "level": level, "parent_code": parent} for level, code, name, parent in _divisions()),
    ]  # fmt: skip
    for row in rows:
        row["outline"] = outlines.get(str(row["area_code"]))
        row["outline_origin"] = origin if row["outline"] else None
    await session.execute(insert(Area), rows)


def _divisions() -> list[tuple[str, str, str, str | None]]:
    with (PROJECT / "data" / "divisions.csv").open(encoding="utf-8") as file:
        listed = [(row["level"], row["code"], row["name"], row["parent"]) for row in csv.DictReader(file)]
    return [
        (level, code, name, parent or ("370000" if code == CITY else None))
        for level, code, name, parent in listed
        if code.startswith("3701")
    ]


def outlines_of_city() -> tuple[dict[str, Any], str]:
    """The outlines of the city's districts by code, and where they come from."""
    collection = json.loads((PROJECT / "data" / "geo" / "jinan.geojson").read_text(encoding="utf-8"))
    found = {feature["properties"]["area_code"]: feature["geometry"] for feature in collection["features"]}
    return found, "天地图（示意，非测绘成果）"


async def add_agencies(session: AsyncSession) -> dict[str, UUID]:
    """The city's bureau, the joint command centre and the four branches; their ids by area code or `joint`."""
    city = Agency(
        id=new_id(), name="济南市生态环境局（示例）", short_name="市局", tier="bureau", area_code=CITY, parent_id=None
    )
    session.add(city)
    await session.flush()
    joint = Agency(
        id=new_id(),
        name="四区生态环境执法联动指挥中心（示例）",
        short_name="四区联动中心",
        tier="detachment",
        area_code=CITY,
        parent_id=city.id,
    )
    branches = [
        Agency(
            id=new_id(),
            name=f"济南市生态环境局{name}分局（示例）",
            short_name=f"{name}分局",
            tier="branch",
            area_code=code,
            parent_id=city.id,
        )
        for code, name in DISTRICTS.items()
    ]
    session.add_all([joint, *branches])
    await session.flush()
    return {"city": city.id, "joint": joint.id, **{branch.area_code: branch.id for branch in branches}}
