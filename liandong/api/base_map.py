"""The public map that the big screen may lay below the packaged outlines: Tianditu's tiles, by a key of the installation.

Layers `vec_w` (ground) and `cva_w` (names) of its WMTS, in spherical Mercator on CGCS2000, which differs from WGS-84 by
centimetres: nothing is shifted. Nothing is asked here; browsers fetch the tiles themselves.
"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.registers.access.door import Signed

router = APIRouter(tags=["addresses"], responses=ERRORS)
ORIGINS = tuple(f"https://t{number}.tianditu.gov.cn" for number in range(8))


class BaseMapOut(BaseModel):
    """Where the tiles of the ground and of the names are, with {z}, {x} and {y}, and whose they are."""

    ground: list[str]
    names: list[str]
    attribution: str


@router.get("/base-map")
async def read_base_map(signed: Signed) -> BaseMapOut | None:
    """The public map that this installation has a key for; null without one."""
    key = settings().tianditu_key
    if key is None:
        return None
    return BaseMapOut(ground=_tiles("vec", key), names=_tiles("cva", key), attribution="底图：天地图")


def _tiles(layer: str, key: str) -> list[str]:
    query = (
        f"SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
    )
    return [f"{origin}/{layer}_w/wmts?{query}" for origin in ORIGINS]


def allowed_origins() -> tuple[str, ...]:
    """Where a page may fetch tiles: nowhere without a key."""
    return ORIGINS if settings().tianditu_key else ()
