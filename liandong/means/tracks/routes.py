"""HTTP routes of the tracks room: the live map of whereabouts, over a WebSocket.

client  {"view": [west, south, east, north]} or {"view": null}: what it looks at; degrees
server  binary frames (`points.frame`): the whole of its sight first, then what changed, once a tick
ends    4401 the sign-in has ended, 4403 no right to see whereabouts
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.http import ERRORS
from liandong.means.tracks.live import Watch
from liandong.means.tracks.looks import Looks
from liandong.means.tracks.telemetry import Telemetry
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import token_of
from liandong.registers.access.queries import find_actor

router = APIRouter(tags=["positions"], responses=ERRORS)
SIGNED_OUT, NO_RIGHT, UNREADABLE = 4401, 4403, 4400
LOOK_AGAIN_SECONDS = 30.0
"""How long a right that was taken away may still show: the sign-in is asked for anew this often."""
LONGEST_QUESTION = 1024

Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]


class LookAt(msgspec.Struct, forbid_unknown_fields=True):
    """What a screen looks at: west, south, east, north; None: everything it may see."""

    view: tuple[Longitude, Latitude, Longitude, Latitude] | None


_QUESTION = msgspec.json.Decoder(LookAt)


@router.websocket("/positions/live")
async def watch_positions(socket: WebSocket) -> None:
    """Where everything is that the actor may see, for as long as the connection holds and the right does."""
    if not _is_own_page(socket):
        return await socket.close(NO_RIGHT)
    await socket.accept()
    looks: Looks = socket.app.state.looks
    try:
        actor = await _allowed(socket)
        await looks.note(actor)
    except LiandongError as error:
        return await socket.close(SIGNED_OUT if error.status == 401 else NO_RIGHT, error.code)
    telemetry: Telemetry = socket.app.state.telemetry
    watch = Watch(actor.areas)
    telemetry.live.join(watch)
    try:
        await _until_first(_show(socket, watch), _hear(socket, watch), _look_again(socket, watch, looks))
    finally:
        telemetry.live.leave(watch)


def _is_own_page(socket: WebSocket) -> bool:
    """A browser names the page that opens the socket and sends our cookie whatever that page is: only ours may."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def _allowed(socket: WebSocket) -> Actor:
    db: Database = socket.app.state.db
    token = token_of(socket)
    async with db.transaction(Role.app) as session:
        actor = await find_actor(session, token) if token else None
    if actor is None:
        raise Refused("access.sign_in_required")
    gate.may(actor, "positions:read")
    return actor


async def _until_first(*works: object) -> None:
    running = [asyncio.ensure_future(work) for work in works]  # type: ignore[call-overload]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for work in done:
            with suppress(WebSocketDisconnect, RuntimeError, ConnectionError):
                work.result()
    finally:
        for work in running:
            work.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _show(socket: WebSocket, watch: Watch) -> None:
    while True:
        await socket.send_bytes(await watch.take())


async def _hear(socket: WebSocket, watch: Watch) -> None:
    while True:
        said = await socket.receive_text()
        try:
            asked = _QUESTION.decode(said if len(said) <= LONGEST_QUESTION else "")
        except msgspec.MsgspecError:
            return await socket.close(UNREADABLE, "kernel.invalid_input")
        watch.look_at(watch.areas, asked.view)


async def _look_again(socket: WebSocket, watch: Watch, looks: Looks) -> None:
    while True:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        try:
            actor = await _allowed(socket)
        except LiandongError as error:
            return await socket.close(SIGNED_OUT if error.status == 401 else NO_RIGHT, error.code)
        watch.look_at(actor.areas, watch.view)
        looks.go_on(actor)
