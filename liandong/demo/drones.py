"""The demo's aircraft and a no-fly zone near a border, so that a mission can be planned at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.ids import new_id
from liandong.work.drones.tables import Aircraft, NoFlyZone

OPERATORS = {"370104": "槐荫", "370113": "长清"}
HOSPITAL = (116.9108, 36.6330)
HALF_DEG = 0.0012


async def add_drones(session: AsyncSession, agencies: dict[str, UUID]) -> None:
    """Two districts have an aircraft each; over a sample hospital by the border of 槐荫 and 市中 nobody flies."""
    for number, (area_code, name) in enumerate(OPERATORS.items(), 1):
        session.add(
            Aircraft(
                id=new_id(), agency_id=agencies[area_code], area_code=area_code, title=f"示例{name}巡查机",
                model="M3TD（示例）", serial_no=f"示例-{area_code}-{number}", registration_no=f"UAS示例{number:05d}",
                swath_per_height=1.408, speed_m_s=10.0, usable_min=25.0,
                wpml_keys={"drone": 91, "drone_sub": 1, "payload": 81, "payload_sub": 0}, registered_at=now(),
            )
        )  # fmt: skip
    session.add(_hospital(agencies["370104"]))
    await session.flush()


def _hospital(agency_id: UUID) -> NoFlyZone:
    lon, lat = HOSPITAL
    west, south, east, north = lon - HALF_DEG, lat - HALF_DEG, lon + HALF_DEG, lat + HALF_DEG
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    return NoFlyZone(
        id=new_id(), title="示例医院停机坪", outline=outline, west=west, south=south, east=east, north=north,
        clearance_m=50.0, basis="示例通告〔2026〕1号", valid_from_on=beijing_today(), valid_to_on=None,
        agency_id=agency_id, set_at=now(), set_by="槐荫分局调度（示例）",
    )  # fmt: skip
