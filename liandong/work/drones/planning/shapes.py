"""What a plan is asked for and what it is made of. Lengths in metres, times in minutes, speeds in metres a second."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

Step = tuple[float, float]
"""A place on the plane."""


@dataclass(frozen=True)
class Flying:
    """How it is flown. `swath_m`: how wide a strip the camera sees at this height; `usable_min`: how long a battery
    may be used, the way home included; what must stay in it is the operator's to take off before."""

    swath_m: float
    overlap: float
    speed_m_s: float
    usable_min: float

    @property
    def spacing_m(self) -> float:
        """From one lane to the next."""
        return self.swath_m * (1 - self.overlap)

    @property
    def range_m(self) -> float:
        """How far one battery goes."""
        return self.usable_min * 60 * self.speed_m_s


@dataclass(frozen=True)
class NoFly:
    """Over what is never flown, and how far one keeps away from it."""

    outline: Polygon
    clearance_m: float = 30.0


@dataclass(frozen=True)
class Ground:
    """Where it is flown: from where, and over what never."""

    home: Point
    no_fly: tuple[NoFly, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A straight stretch flown with the camera at work."""

    start: Step
    end: Step


@dataclass(frozen=True)
class Flight:
    """One battery: from home along the steps and home again. `is_at_work[i]`: the leg after step i is a lane."""

    steps: tuple[Step, ...]
    is_at_work: tuple[bool, ...]
    length_m: float
    minutes: float


@dataclass(frozen=True)
class LeftOut:
    """What was asked for and will not be seen. `why`: `no_fly`, for a zone or its clearance, or `unseen`, where no strip
    reaches."""

    why: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Plan:
    """Every flight, what the camera will have seen, how much of what was asked for that is, and what is left out.

    `closed` is where nobody flies: the zones and their clearance."""

    flights: tuple[Flight, ...]
    seen: BaseGeometry
    covered_percent: float
    left_out: tuple[LeftOut, ...]
    closed: BaseGeometry

    @property
    def length_m(self) -> float:
        """All flights together."""
        return sum(flight.length_m for flight in self.flights)
