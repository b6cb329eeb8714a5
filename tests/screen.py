"""A live screen of the cast: it starts from a snapshot and is kept true by the facts alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI

from liandong.oversight.picture.reduce import KINDS, Picture, apply
from tests.line import Line, follow
from tests.seat import Seat

TELEMETRY = frozenset({"lon", "lat", "position_at"})
"""Where an officer is travels beside the facts, so the law does not speak of it."""


class Screen:
    """What one person sees."""

    def __init__(self, seat: Seat, line: Line, snapshot: dict[str, Any]) -> None:
        self.seat, self.line = seat, line
        self.picture = items_of(snapshot)

    async def catch_up(self) -> None:
        """The facts that came have been applied, and the law holds: snapshot and facts are the next snapshot."""
        facts = await self.line.catch_up()
        truth = items_of(await self.seat.get("/picture"))
        for fact in facts:
            apply(self.picture, fact["after"])
            if str(self.seat.person.officer_id) in fact["audience"]:
                self.picture = truth  # called to a task or released from it: another sight, another snapshot
        for kind in KINDS:
            kept, true = shown(self.picture, kind), shown(truth, kind)
            assert kept == true, f"{self.seat.person.login}, {kind}: {differences(kept, true)}"


def items_of(snapshot: dict[str, Any]) -> Picture:
    """The items of a snapshot."""
    return {kind: {key: dict(item) for key, item in snapshot[kind].items()} for kind in KINDS}


def shown(picture: Picture, kind: str) -> dict[str, dict[str, Any]]:
    """The items of one kind without what travels beside the facts."""
    if kind != "officers":
        return picture[kind]
    return {
        key: {name: value for name, value in item.items() if name not in TELEMETRY}
        for key, item in picture[kind].items()
    }


def differences(kept: dict[str, dict[str, Any]], true: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """By item, what the screen has and what is true; only where they differ."""
    found = {}
    for key in kept.keys() | true.keys():
        one, other = kept.get(key), true.get(key)
        if one is None or other is None:
            found[key] = (one, other)
        elif one != other:
            names = [name for name in one.keys() | other.keys() if one.get(name, "-") != other.get(name, "-")]
            found[key] = ({name: one.get(name, "-") for name in names}, {name: other.get(name, "-") for name in names})
    return found


@asynccontextmanager
async def screens(app: FastAPI, seats: list[Seat]) -> AsyncIterator[list[Screen]]:
    """A screen for each of these people, from the present snapshot on."""
    async with AsyncExitStack() as stack:
        opened = []
        for seat in seats:
            snapshot = await seat.get("/picture")
            line = await stack.enter_async_context(follow(app, seat.person, snapshot["seq"]))
            opened.append(Screen(seat, line, snapshot))
        yield opened
