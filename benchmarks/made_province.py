"""A made-up province: counties with ragged common borders, and pollution sources anywhere in them. Nothing of it exists."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import mapping
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.bulk import merge
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.ids import new_id
from liandong.registers.alliances.tables import Memorandum, MemorandumMember
from liandong.registers.jurisdictions.tables import Agency

WEST, SOUTH, WIDE, HIGH = 114.0, 35.0, 6.0, 4.0
STEP_DEG, RAGGED_DEG = 0.01, 0.002
PROVINCE, CITY = "970000", "970100"
SOURCE = ("id", "natural_key", "name", "area_code", "lon", "lat", "elements", "extra", "updated_at")


class Province(NamedTuple):
    """Outlines by county, and the county and place (lon, lat) of each source."""

    outlines: dict[str, dict[str, Any]]
    county: list[str]
    at: Any


def make_province(counties: int, sources: int) -> Province:
    """The same for the same numbers. Neighbours have the same ragged line in common."""
    chance = np.random.default_rng(counties)
    seeds = np.column_stack((WEST + WIDE * chance.random(counties), SOUTH + HIGH * chance.random(counties)))
    frame = shapely.box(WEST, SOUTH, WEST + WIDE, SOUTH + HIGH)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame))
    cells = shapely.intersection(cells, frame)
    ragged = shapely.make_valid(shapely.transform(shapely.segmentize(cells, STEP_DEG), _ragged))
    codes = [f"97{1 + number // 99:02d}{number % 99 + 1:02d}" for number in range(counties)]
    at = np.column_stack((WEST + WIDE * chance.random(sources), SOUTH + HIGH * chance.random(sources)))
    place, cell = shapely.STRtree(ragged).query(shapely.points(at), predicate="within")
    first = np.unique(place, return_index=True)[1]
    return Province(
        {code: mapping(one) for code, one in zip(codes, ragged.tolist(), strict=True)},
        [codes[number] for number in cell[first]],
        at[place[first]],
    )


def _ragged(points: Any) -> Any:
    """Each corner a little aside, always to the same place, so that neighbours stay neighbours."""
    x, y = points[:, 0], points[:, 1]
    return points + RAGGED_DEG * np.column_stack((np.sin(701 * x + 997 * y), np.cos(881 * x - 613 * y)))


async def write_province(session: AsyncSession, province: Province) -> None:
    """Areas, their branches and the sources are on record."""
    above = [(PROVINCE, "示例省", "province", None, None), (CITY, "示例市", "city", PROVINCE, None)]
    rows = [*above, *((code, f"示例县{code}", "county", CITY, outline) for code, outline in province.outlines.items())]
    await merge(session, "area", ("area_code", "name", "level", "parent_code", "outline"), rows, key=["area_code"])
    agencies = [(new_id(), f"示例{code}分局", f"{code}分局", "branch", code) for code in province.outlines]
    await merge(session, "agency", ("id", "name", "short_name", "tier", "area_code"), agencies, key=["id"])
    sources: list[tuple[Any, ...]] = [
        (new_id(), f"示例:{number}", f"示例{number}厂", code, lon, lat, ["air"], {}, now())
        for number, (code, (lon, lat)) in enumerate(zip(province.county, province.at.tolist(), strict=True))
    ]
    await merge(session, "source", SOURCE, sources, key=["id"])


async def sign_memorandum(session: AsyncSession, members: list[str], band_m: float) -> UUID:
    """A memorandum of these counties is in force and shares the border list, as if they had signed it."""
    branches = (await session.scalars(select(Agency).where(Agency.area_code.in_(members)))).all()
    memorandum = Memorandum(
        id=new_id(), number=f"示例-{members[0]}-{len(members)}", title="示例备忘录", alliance="示例", agency_id=branches[0].id,
        parties=members, area_code=members[0], goals="示例", principles=[], works=[], mechanisms=[], shares=["border_list", "border_watch"],
        band_m=band_m, from_on=beijing_today(), until_on=beijing_today(), holds_until_on=beijing_today(),
        state="in_force", text_digest="0" * 64, drafted_at=now(), in_force_at=now(),
    )  # fmt: skip
    session.add(memorandum)
    await session.flush()
    session.add_all(
        MemorandumMember(memorandum_id=memorandum.id, edition=1, area_code=one.area_code, agency_id=one.id, seat=seat)
        for seat, one in enumerate(branches, 1)
    )
    await session.flush()
    return memorandum.id
