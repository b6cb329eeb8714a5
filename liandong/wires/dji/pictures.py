"""The picture of a dock's aircraft: started towards the stream of its register, and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.settings import settings
from liandong.means.video.actions import give_publish_ticket
from liandong.means.video.addresses import media_server
from liandong.means.video.queries import stream_to_send
from liandong.wires.dji.commands import Commands
from liandong.wires.dji.presence import Gateway, Presence
from liandong.work.docks.actions import settle_picture
from liandong.work.docks.queries import DockAsked, dock_by_serial, docks_to_ask
from liandong.work.docks.states import DockState
from liandong.work.drones.queries import aircraft_of

RTMP = 1
QUALITY_720P = 3
NOT_SENDING = "dji.device_13011"
"""Asked to stop, a dock that sends nothing says so: that is what was wanted."""


class Pictures:
    """Asks docks for what people want of their pictures."""

    def __init__(self, db: Database, presence: Presence, commands: Commands, clock: Callable[[], int]) -> None:
        self._db, self._presence, self._commands, self._now_ms = db, presence, commands, clock
        self._busy: set[UUID] = set()

    async def look(self, group: asyncio.TaskGroup) -> None:
        """Every dock that is to start or stop sending is being asked."""
        async with self._db.transaction(Role.worker) as session:
            waiting = await docks_to_ask(session)
        for dock in waiting:
            if dock.id not in self._busy:
                self._busy.add(dock.id)
                group.create_task(self._ask(dock))

    async def _ask(self, dock: DockAsked) -> None:
        why: LiandongError | None = None
        try:
            await (self._start(dock) if dock.is_start else self._stop(dock))
        except LiandongError as error:
            why = error
        verb = "end" if not dock.is_start else "refuse_start" if why else "confirm_start"
        number = why.values.get("number") if why else None
        async with self._db.transaction(Role.worker) as session:
            await settle_picture(session, dock.id, verb, why, None if number is None else str(number))
        self._busy.discard(dock.id)

    async def _start(self, dock: DockAsked) -> None:
        video_id = await self._camera(dock)
        async with self._db.transaction(Role.worker) as session:
            stream = await stream_to_send(session, dock.stream_id)
            ticket, _ = give_publish_ticket(stream)
        host = urlsplit(settings().public_url or "").hostname or settings().host
        address = next(
            one for one in media_server().publish_addresses(stream.id, ticket, host) if one.protocol == "rtmp"
        )
        asked = {"url_type": RTMP, "url": address.url, "video_id": video_id, "video_quality": QUALITY_720P}
        await self._commands.ask(dock.serial_no, "live_start_push", asked)

    async def _stop(self, dock: DockAsked) -> None:
        video_id = await self._camera(dock)
        try:
            await self._commands.ask(dock.serial_no, "live_stop_push", {"video_id": video_id})
        except LiandongError as error:
            if error.code != NOT_SENDING:
                raise

    async def _camera(self, dock: DockAsked) -> str:
        """The picture of the aircraft itself; a dock may name cameras of its own beside it.

        Raises    dji.dock_offline, dji.no_camera
        """
        found = next((one for one in self._presence.online(self._now_ms()) if one.serial_no == dock.serial_no), None)
        if found is None:
            raise Refused("dji.dock_offline")
        async with self._db.transaction(Role.worker) as session:
            aircraft = (await aircraft_of(session, dock.aircraft_id)).serial_no
        own = [video_id for video_id in found.cameras if video_id.startswith(f"{aircraft}/")]
        if not own:
            raise Refused("dji.no_camera")
        return own[0]

    async def told(self, gateway: Gateway, is_sending: bool) -> None:
        """A dock says whether it sends; one that has stopped by itself is on record as idle."""
        was, gateway.is_sending = gateway.is_sending, is_sending
        if not was or is_sending:
            return
        async with self._db.transaction(Role.worker) as session:
            dock = await dock_by_serial(session, gateway.serial_no)
            if dock is not None and dock.state == DockState.sending:
                await settle_picture(session, dock.id, "end")
