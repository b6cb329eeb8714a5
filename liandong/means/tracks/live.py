"""Where everything is now, and the frames that tell open screens: once a tick, encoded once for all who see the same.

Lossy on purpose: the newest position of a carrier is all that counts. A screen that cannot keep up misses the middle
and is given the whole again.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from liandong.means.tracks.points import Point, entry, frame, shape

CELL_DEG = 0.1
"""About ten kilometres: what a screen looks at is sent by cells."""
View = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
Sight = tuple[frozenset[str], View | None]
Cell = tuple[str, int, int]


def cell_of(point: Point) -> Cell:
    """The channel that a position is told on: the division it belongs to, and its square."""
    return point.area_code, math.floor(point.lon / CELL_DEG), math.floor(point.lat / CELL_DEG)


def is_in(cell: Cell, sight: Sight) -> bool:
    """Whether a channel is for somebody who oversees these divisions and looks at this view."""
    areas, view = sight
    area_code, x, y = cell
    if area_code not in areas:
        return False
    if view is None:
        return True
    west, south, east, north = view
    return west < (x + 1) * CELL_DEG and x * CELL_DEG <= east and south < (y + 1) * CELL_DEG and y * CELL_DEG <= north


@dataclass(eq=False)
class Watch:
    """One open screen: what it may see, what it looks at, and the frame that waits for it."""

    areas: frozenset[str]
    view: View | None = None
    needs_whole: bool = True
    _waiting: bytes | None = None
    _has_some: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def sight(self) -> Sight:
        """What it may see, and of that what it looks at."""
        return self.areas, self.view

    @property
    def has_frame(self) -> bool:
        """Whether a frame waits for it."""
        return self._waiting is not None

    def look_at(self, areas: frozenset[str], view: View | None) -> None:
        """Afterwards its next frame is the whole of the new sight."""
        if (areas, view) != self.sight:
            self.areas, self.view, self.needs_whole, self._waiting = areas, view, True, None
            self._has_some.clear()

    def offer(self, body: bytes) -> None:
        """The frame waits; if the one before still does, this one is let go and the next is whole."""
        if self._waiting is not None:
            self.needs_whole = True
            return
        self._waiting = body
        self._has_some.set()

    async def take(self) -> bytes:
        """The next frame, once there is one."""
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            body, self._waiting = self._waiting, None
            if body is not None:
                return body


class Live:
    """The newest position of every carrier that one server process knows, and who watches."""

    def __init__(self) -> None:
        self.newest: dict[UUID, Point] = {}
        self.watches: set[Watch] = set()
        self._by_cell: dict[Cell, set[UUID]] = defaultdict(set)
        self._changed: dict[Cell, set[UUID]] = defaultdict(set)
        self._entries: dict[UUID, bytes] = {}
        self._shapes: dict[UUID, bytes | None] = {}

    def take(self, points: Iterable[Point]) -> None:
        """Each is known from now on, unless a newer one of its carrier is."""
        for point in _newest_of_each(points):
            known = self.newest.get(point.carrier_id)
            if known is not None:
                if known.at_ms >= point.at_ms:
                    continue
                self._drop(known)
            cell = cell_of(point)
            self.newest[point.carrier_id] = point
            self._by_cell[cell].add(point.carrier_id)
            self._changed[cell].add(point.carrier_id)

    def forget_before(self, at_ms: int) -> None:
        """Nothing older is known; screens learn it with their next whole frame."""
        for point in [point for point in self.newest.values() if point.at_ms < at_ms]:
            self._drop(point)
            del self.newest[point.carrier_id]

    def _drop(self, point: Point) -> None:
        cell = cell_of(point)
        self._entries.pop(point.carrier_id, None)
        self._shapes.pop(point.carrier_id, None)
        held = self._by_cell[cell]
        held.discard(point.carrier_id)
        if not held:
            del self._by_cell[cell]
        changed = self._changed.get(cell)
        if changed is not None:
            changed.discard(point.carrier_id)

    def join(self, watch: Watch) -> None:
        """The screen is told from now on: the whole of what it may see with the next tick, made once for all who join."""
        watch.needs_whole = True
        self.watches.add(watch)

    def leave(self, watch: Watch) -> None:
        """The screen is told no more."""
        self.watches.discard(watch)

    def tick(self) -> None:
        """Every screen is offered what changed since the last tick, or the whole where it needs that."""
        changed, self._changed = self._changed, defaultdict(set)
        shared: dict[Sight, bytes | None] = {}
        wholes: dict[Sight, bytes] = {}
        for watch in self.watches:
            if watch.needs_whole:
                self._give_whole(watch, wholes)
                continue
            sight = watch.sight
            if sight not in shared:
                shared[sight] = self._changes_for(sight, changed)
            body = shared[sight]
            if body is not None:
                watch.offer(body)

    def _changes_for(self, sight: Sight, changed: Mapping[Cell, set[UUID]]) -> bytes | None:
        told = [
            carrier
            for cell, carriers in changed.items() if carriers and is_in(cell, sight)
            for carrier in carriers
        ]  # fmt: skip
        return self._frame(told, whole=False) if told else None

    def _frame(self, told: list[UUID], *, whole: bool) -> bytes:
        shapes = [made for one in told if self.newest[one].aim is not None and (made := self._shape(one)) is not None]
        return frame([self._entry(one) for one in told], shapes, whole=whole)

    def _entry(self, carrier_id: UUID) -> bytes:
        """Packed when it is first told: of what comes between two ticks only the last is."""
        made = self._entries.get(carrier_id)
        if made is None:
            made = self._entries[carrier_id] = entry(self.newest[carrier_id])
        return made

    def _shape(self, carrier_id: UUID) -> bytes | None:
        if carrier_id not in self._shapes:
            self._shapes[carrier_id] = shape(self.newest[carrier_id])
        return self._shapes[carrier_id]

    def _give_whole(self, watch: Watch, made: dict[Sight, bytes]) -> None:
        sight = watch.sight
        if sight not in made:
            told = [one for cell, held in self._by_cell.items() if is_in(cell, sight) for one in held]
            made[sight] = self._frame(told, whole=True)
        watch.needs_whole = False
        watch.offer(made[sight])


def _newest_of_each(points: Iterable[Point]) -> Iterable[Point]:
    newest: dict[UUID, Point] = {}
    for point in points:
        known = newest.get(point.carrier_id)
        if known is None or known.at_ms < point.at_ms:
            newest[point.carrier_id] = point
    return newest.values()
