"""A plane of metres around a place, and the way there and back from degrees WGS-84."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

G = TypeVar("G", bound=BaseGeometry)


class Plane:
    """Transverse Mercator about a place. Within 50 km of it lengths are true to a few centimetres in a kilometre."""

    def __init__(self, lon: float, lat: float) -> None:
        local = f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m +no_defs"
        self._there = Transformer.from_crs("EPSG:4326", local, always_xy=True)

    def metres(self, shape: G) -> G:
        """A shape in degrees (lon, lat) as one in metres."""
        return _through(shape, self._there, inverse=False)

    def degrees(self, shape: G) -> G:
        """A shape in metres as one in degrees (lon, lat)."""
        return _through(shape, self._there, inverse=True)


def _through(shape: G, way: Transformer, *, inverse: bool) -> G:
    def carry(points: np.ndarray) -> np.ndarray:
        direction = "INVERSE" if inverse else "FORWARD"
        return np.column_stack(way.transform(points[:, 0], points[:, 1], direction=direction))

    return shapely.transform(shape, carry)
