"""What becomes of a message: a position for the tracks room, an answer for the device, or a refusal that is counted."""

from __future__ import annotations

import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from liandong.kernel.db import OUT_OF_REACH, Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.settings import settings
from liandong.means.ground.aims import Aim, aim_of
from liandong.means.tracks.points import Kind, Point
from liandong.wires.dji import frame, media, organization
from liandong.wires.dji.commands import Commands
from liandong.wires.dji.flights import Flights
from liandong.wires.dji.frame import Channel, Message
from liandong.wires.dji.presence import Presence
from liandong.work.drones.queries import aircraft_by_serial

log = logging.getLogger(__name__)

MOST_REMEMBERED = 1_000
LOOK_AGAIN_MS = 60_000
"""How late a newly registered aircraft is believed."""
MOST_ALARMS = 20
REFUSED = 1
"""The result of an answer that says no; the maker knows 0 for yes, and many numbers for no."""
NTP_PORT = 123
T = TypeVar("T")


class Known(NamedTuple):
    """A registered aircraft, as much as its position needs."""

    aircraft_id: UUID
    area_code: str
    swath_per_height: float


class Answer(NamedTuple):
    """What a device is told."""

    topic: str
    body: dict[str, Any]


class Outcome(NamedTuple):
    """What became of a message."""

    point: Point | None = None
    answer: Answer | None = None


class Desk:
    """Takes the messages of one broker. `clock` gives ms since 1970."""

    def __init__(self, db: Database, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self.presence, self.taken, self.refused = Presence(), Counter[str](), Counter[str]()
        self.unknown: OrderedDict[str, int] = OrderedDict()
        self._db, self.now_ms = db, clock
        self.commands = Commands(clock)
        self.flights = Flights(db, self.presence, self.commands, clock)
        self._looked_up: OrderedDict[str, tuple[int, Known | None]] = OrderedDict()

    async def take(self, topic: str, payload: bytes) -> Outcome:
        """The message is dealt with; one that is not taken is counted by its reason and harms nothing else."""
        try:
            message = frame.read(topic, payload)
            outcome = await self._deal(message)
        except LiandongError as error:
            self.refused[error.code] += 1
            return Outcome()
        except OUT_OF_REACH as error:  # unanswered, so a dock that wants an answer says it again
            log.warning("what a dock said could not be taken: %s", error)
            self.refused["kernel.database_unavailable"] += 1
            return Outcome()
        self.taken[message.channel] += 1
        return outcome

    async def _deal(self, message: Message) -> Outcome:
        match message.channel:
            case Channel.osd:
                return Outcome(point=await self._position(message))
            case Channel.status:
                return Outcome(answer=self._status(message))
            case Channel.events:
                return Outcome(answer=await self._event(message))
            case Channel.requests:
                return Outcome(answer=await self._request(message))
            case Channel.state:
                await self._state(message)
            case Channel.services_reply:
                self.commands.take(message)
        return Outcome()

    async def _position(self, message: Message) -> Point | None:
        """A position of a registered aircraft; None for what says none, and for a gateway's report of itself."""
        now_ms = self.now_ms()
        if message.gateway == message.serial_no or self.presence.is_online(message.serial_no, now_ms):
            self.presence.heard(message.serial_no, now_ms)
            return None
        at = frame.place(message)
        known = await self._known(message.serial_no)
        if known is None:
            self._note_unknown(message.serial_no, now_ms)
            raise Refused("dji.aircraft_unknown", serial_no=message.serial_no)
        self.presence.speaks_for(message.gateway, message.serial_no, now_ms)
        if at is None:
            return None
        return Point(
            known.aircraft_id, Kind.aircraft, known.area_code, None,
            now_ms if message.at_ms is None else message.at_ms, at.lon, at.lat,
            altitude_m=at.altitude_m, course_deg=at.course_deg, speed_mps=at.speed_mps, aim=self._aim(message, known),
        )  # fmt: skip

    def _aim(self, message: Message, known: Known) -> Aim | None:
        """How the camera is held. What cannot be is counted, and takes nothing from the position."""
        try:
            held = frame.camera(message)
            if held is None:
                return None
            return aim_of(held.yaw_deg, held.pitch_deg, held.roll_deg, held.height_m, known.swath_per_height, held.zoom)
        except LiandongError as error:
            self.refused[error.code] += 1
            return None

    def _status(self, message: Message) -> Answer:
        if message.method != "update_topo":
            raise Refused("dji.not_offered", method=message.method)
        self.presence.connected(message.serial_no, frame.sub_devices(message), self.now_ms())
        return self._answer(message, {"result": 0})

    async def _state(self, message: Message) -> None:
        """What can be sent live, and whether it is; everything else that changed is left."""
        gateway = self.presence.heard(message.serial_no, self.now_ms()) if self._is_gateway(message) else None
        found, sends = frame.cameras(message), frame.is_sending(message)
        if gateway is not None and found is not None:
            gateway.cameras = found
        if gateway is not None and sends is not None:
            await self.flights.pictures.told(gateway, sends)

    def _is_gateway(self, message: Message) -> bool:
        is_known = self.presence.is_online(message.serial_no, self.now_ms())
        return message.gateway == message.serial_no or is_known

    async def _event(self, message: Message) -> Answer | None:
        """Progress and alarms are remembered, files are filed. An event that nothing is done with is not signed for: a device
        that is told its file has arrived deletes it."""
        gateway = self.presence.heard(message.serial_no, self.now_ms())
        result = 0
        if message.method == "flighttask_progress":
            gateway.progress = frame.progress(message)
            await self.flights.progressed(message.serial_no, gateway.progress)
        elif message.method == "hms":
            gateway.alarms = frame.alarms(message)[:MOST_ALARMS]
        elif message.method == "file_upload_callback":
            result = await self._file(message)
        else:
            self.refused["dji.not_offered"] += 1
            result = REFUSED
        return self._answer(message, {"result": result}) if message.needs_reply else None

    async def _file(self, message: Message) -> int:
        """What the dock is told of a file: one that is not here it sends again, and says so again."""
        try:
            await media.file_upload(self._db, message, self.refused)
        except LiandongError as error:
            self.refused[error.code] += 1
            return REFUSED
        return 0

    async def _request(self, message: Message) -> Answer:
        self.presence.heard(message.serial_no, self.now_ms())
        if message.method == "airport_bind_status":
            return self._answer(message, await organization.bind_status(self._db, frame.asked_serials(message)))
        if message.method == "airport_organization_get":
            return self._answer(message, await organization.organization(self._db, message.serial_no))
        if message.method == "airport_organization_bind":
            asked = frame.asked_serials(message, "bind_devices")
            return self._answer(message, await organization.bind(self._db, asked))
        if message.method == "storage_config_get":
            return self._answer(message, await self._storage(message))
        if message.method == "config" and settings().dji_app_id:
            return self._answer(message, _config())
        self.refused["dji.not_offered"] += 1
        return self._answer(message, {"result": REFUSED})

    async def _storage(self, message: Message) -> dict[str, Any]:
        try:
            return {"result": 0, "output": await media.storage_config(self._db, message)}
        except LiandongError as error:
            self.refused[error.code] += 1
            return {"result": REFUSED}

    def _answer(self, message: Message, data: dict[str, Any]) -> Answer:
        root = "sys" if message.channel is Channel.status else "thing"
        body = {"tid": message.tid, "bid": message.bid, "timestamp": self.now_ms(), "method": message.method}
        return Answer(f"{root}/product/{message.serial_no}/{message.channel}_reply", {**body, "data": data})

    async def _known(self, serial_no: str) -> Known | None:
        now_ms = self.now_ms()
        looked_at, known = self._looked_up.get(serial_no, (None, None))
        if looked_at is not None and now_ms - looked_at <= LOOK_AGAIN_MS:
            return known
        async with self._db.transaction(Role.worker) as session:
            row = await aircraft_by_serial(session, serial_no)
            known = None if row is None or row.area_code is None else Known(row.id, row.area_code, row.swath_per_height)
        _remember(self._looked_up, serial_no, (now_ms, known))
        return known

    def _note_unknown(self, serial_no: str, now_ms: int) -> None:
        _remember(self.unknown, serial_no, now_ms)


def _remember(book: OrderedDict[str, T], key: str, value: T) -> None:
    book[key] = value
    book.move_to_end(key)
    if len(book) > MOST_REMEMBERED:
        book.popitem(last=False)


def _config() -> dict[str, Any]:
    chosen = settings()
    keys = {"app_id": chosen.dji_app_id, "app_key": chosen.dji_app_key, "app_license": chosen.dji_app_license}
    host = chosen.dji_ntp_host
    return keys | ({"ntp_server_host": host, "ntp_server_port": NTP_PORT} if host else {})
