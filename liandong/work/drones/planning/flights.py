"""Lanes shared out among batteries: each flight leaves home, works, and is home again before its time is used up."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from liandong.kernel.errors import Refused
from liandong.work.drones.planning.detour import Detours
from liandong.work.drones.planning.shapes import Flight, Flying, Lane, Step

SHARE_OF_RANGE = 20
"""A lane is cut into pieces of at most this part of a battery's range, so that little of it is left over."""


@dataclass
class _Open:
    """A flight under way."""

    steps: list[Step]
    is_at_work: list[bool] = field(default_factory=list)
    length_m: float = 0.0

    def go(self, steps: Sequence[Step], *, at_work: bool) -> None:
        for step in steps:
            self.length_m += math.dist(self.steps[-1], step)
            self.steps.append(step)
            self.is_at_work.append(at_work)


def share_out(lanes: Sequence[Lane], home: Step, detours: Detours, flying: Flying) -> list[Flight]:
    """Flights that fly every lane in its order.

    Raises    drones.battery_too_small, drones.place_in_no_fly, drones.no_way_around
    """
    flights: list[Flight] = []
    under_way = _Open([home])
    for lane in _pieces(lanes, flying.range_m / SHARE_OF_RANGE):
        if not _fits(under_way, lane, home, detours, flying):
            if len(under_way.steps) > 1:
                flights.append(_home_again(under_way, home, detours, flying))
                under_way = _Open([home])
            if not _fits(under_way, lane, home, detours, flying):
                raise Refused("drones.battery_too_small", minutes=flying.usable_min)
        under_way.go(detours.way(under_way.steps[-1], lane.start), at_work=False)
        under_way.go([lane.end], at_work=True)
    return [*flights, _home_again(under_way, home, detours, flying)] if len(under_way.steps) > 1 else flights


def _pieces(lanes: Sequence[Lane], most_m: float) -> Iterator[Lane]:
    for lane in lanes:
        count = max(1, math.ceil(math.dist(lane.start, lane.end) / most_m))
        steps = [_between(lane, number / count) for number in range(count + 1)]
        yield from (Lane(start, end) for start, end in itertools.pairwise(steps))


def _between(lane: Lane, share: float) -> Step:
    (x, y), (to_x, to_y) = lane.start, lane.end
    return (x + (to_x - x) * share, y + (to_y - y) * share) if share < 1 else lane.end


def _fits(under_way: _Open, lane: Lane, home: Step, detours: Detours, flying: Flying) -> bool:
    there = _length(under_way.steps[-1], detours.way(under_way.steps[-1], lane.start))
    back = _length(lane.end, detours.way(lane.end, home))
    return under_way.length_m + there + math.dist(lane.start, lane.end) + back <= flying.range_m


def _length(start: Step, steps: Sequence[Step]) -> float:
    return sum(math.dist(one, other) for one, other in zip([start, *steps], steps, strict=False))


def _home_again(under_way: _Open, home: Step, detours: Detours, flying: Flying) -> Flight:
    under_way.go(detours.way(under_way.steps[-1], home), at_work=False)
    minutes = under_way.length_m / flying.speed_m_s / 60
    return Flight(*_joined(under_way), under_way.length_m, minutes)


def _joined(flown: _Open) -> tuple[tuple[Step, ...], tuple[bool, ...]]:
    """Pieces of one lane are one leg again: a turn there would be a turn for nothing."""
    steps, is_at_work = [flown.steps[0]], list[bool]()
    for place, step in enumerate(flown.steps[1:]):
        at_work = flown.is_at_work[place]
        if len(steps) > 1 and at_work and is_at_work[-1] and _is_straight(steps[-2], steps[-1], step):
            steps[-1] = step
        else:
            steps.append(step)
            is_at_work.append(at_work)
    return tuple(steps), tuple(is_at_work)


def _is_straight(one: Step, two: Step, three: Step) -> bool:
    direct = math.dist(one, three)
    return math.isclose(math.dist(one, two) + math.dist(two, three), direct, abs_tol=1e-6)
