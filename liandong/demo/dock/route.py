"""A route file as an aircraft reads it, and where the aircraft is as it flies it."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree as Tree

KML, WPML = "http://www.opengis.net/kml/2.2", "http://www.dji.com/wpmz/1.0.2"
TICK_SECONDS = 2.0
METRES_PER_DEGREE = 111_320


@dataclass
class Route:
    """What is read of `waylines.wpml`: places (lon, lat), height in metres, speed in m/s."""

    places: list[tuple[float, float]]
    height_m: float
    speed_m_s: float
    photos: list[tuple[float, float]] = field(default_factory=list)

    def positions(self) -> list[tuple[int, float, tuple[float, float]]]:
        """At each tick: the waypoint passed last, how much of the whole is flown (0-1), and where that is."""
        legs = [_metres(one, other) for one, other in pairwise(self.places)]
        whole, step = sum(legs), self.speed_m_s * TICK_SECONDS
        found, index, before = [], 0, 0.0
        for tick in range(math.ceil(whole / step) + 1):
            flown = min(whole, tick * step)
            while index < len(legs) - 1 and flown > before + legs[index]:
                before += legs[index]
                index += 1
            share = (flown - before) / legs[index] if legs else 0.0
            (lon, lat), (next_lon, next_lat) = self.places[index], self.places[index + 1]
            found.append((index, flown / whole, (lon + (next_lon - lon) * share, lat + (next_lat - lat) * share)))
        return found


def read_route(content: bytes) -> Route:
    """The flight in a route file, as an aircraft reads it."""
    root = Tree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("wpmz/waylines.wpml"))  # noqa: S314  our own words
    marks = sorted(root.iter(f"{{{KML}}}Placemark"), key=lambda mark: int(_text(mark, f"{{{WPML}}}index")))
    places = [tuple(map(float, _text(mark, f".//{{{KML}}}coordinates").split(",")[:2])) for mark in marks]
    speed = float(_text(root, f".//{{{WPML}}}autoFlightSpeed"))
    photos = [
        place
        for place, mark in zip(places, marks, strict=True)
        for one in mark.iter(f"{{{WPML}}}actionActuatorFunc")
        if one.text == "takePhoto"
    ]
    height = float(_text(marks[0], f"{{{WPML}}}executeHeight"))
    return Route(places, height, speed, photos)  # type: ignore[arg-type]


def _text(parent: Tree.Element, path: str) -> str:
    found = parent.findtext(path)
    if found is None:
        raise ValueError(path)
    return found


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = math.cos(math.radians(one[1])) * (other[0] - one[0])
    return max(0.001, math.hypot(across, other[1] - one[1]) * METRES_PER_DEGREE)
