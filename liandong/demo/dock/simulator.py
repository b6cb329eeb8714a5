"""A simulated dock with one aircraft that does what it is told: fetches the route and checks it, flies it by a clock of
its own, sends real film to the address it is given, and says over a real broker how far it is.

What it says has the form of the maker's documentation; `is_sloppy` makes it say things as some senders in the field do.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import md5
from itertools import cycle
from typing import Protocol
from uuid import uuid4

import aiomqtt
import obstore

from liandong.demo.dock.broker import Broker
from liandong.demo.dock.photos import SMALLEST, Body, Photo, store_of
from liandong.demo.dock.route import TICK_SECONDS, Route, read_route
from liandong.kernel.geo import bearing_deg

FILE_SPOILT, UNKNOWN_FLIGHT, ALREADY_SENDING, WRONG_WORDS = 901, 902, 13003, 13014
"""What this dock says to a file that is not what was announced, and to a flight that it does not know: its own numbers."""
STATES = ("sent", "in_progress", "paused", "ok", "partially_done", "failed", "canceled", "rejected", "timeout")
HOVER_MS = 200
ANSWER_SECONDS = 20


class Film(Protocol):
    """What sends the aircraft's picture."""

    async def send(self, address: str) -> None:
        """It is on its way to this address."""

    async def stop(self) -> None:
        """It is sent no more."""


@dataclass(frozen=True)
class Gear:
    """What a dock does its work with: how it fetches a file, its camera's film and photographs (JPEG). `is_real_time`: it
    flies as slowly as an aircraft does; else all of a flight at once, by a clock of its own that lies in the past."""

    fetch: Callable[[str], Awaitable[bytes]]
    film: Film
    pictures: Sequence[bytes] = (SMALLEST,)
    is_real_time: bool = False


@dataclass
class Wishes:
    """How it behaves. `says_no`: the number with which it answers a method; None: it does not answer at all.
    `waits_at`: the share of a flight at which it hovers until it is called home, and says nothing; `forgets_home`: it says yes and hovers on. `breaks_off_at`: where it gives up."""

    says_no: dict[str, int | None] = field(default_factory=dict)
    waits_at: float | None = None
    breaks_off_at: float | None = None
    spoils_files: bool = False
    forgets_home: bool = False
    is_sloppy: bool = False
    swallows: set[str] = field(default_factory=set)
    """Names of files that it reports and does not send, or sends and does not report (`-` before the name)."""


class SimulatedDock:
    """Connected and doing what it is told while inside `simulated`. `now_ms` is what its own clock says."""

    def __init__(self, client: aiomqtt.Client, serial_no: str, aircraft: str, gear: Gear, began_ms: int) -> None:
        self.serial_no, self.aircraft, self.wishes = serial_no, aircraft, Wishes()
        self.flights: dict[str, Route] = {}
        self.told: list[str] = []
        self.kept: list[Body] = []
        self.gear, self.is_sending = gear, False
        self._client, self.now_ms = client, began_ms
        self._waiting: dict[str, asyncio.Future[Body]] = {}
        self._pictures = cycle(gear.pictures)
        self._home = asyncio.Event()
        self._hovers = asyncio.Event()
        self._was_at: tuple[float, float] | None = None
        self._heads = 0.0
        self._flying: asyncio.Task[None] | None = None

    @property
    def camera(self) -> str:
        """The name of the picture that it can send."""
        return f"{self.aircraft}/81-0-0/normal-0"

    async def begin(self) -> Body:
        """It asks whether it belongs to anybody, says what is with it and what it can send. Returns the bind status."""
        bound = await self.ask(
            "requests", "airport_bind_status", {"devices": [{"sn": self.serial_no}, {"sn": self.aircraft}]}
        )
        kind = {"domain": "0", "type": "60" if self.wishes.is_sloppy else 91, "sub_type": 0, "index": "A"}
        await self.ask(
            "status", "update_topo", {"domain": "3", "type": 2, "sub_devices": [{"sn": self.aircraft} | kind]}
        )
        video = {"video_index": "normal-0", "video_type": "wide", "switchable_video_types": ["wide", "zoom", "ir"]}
        camera = {"camera_index": "81-0-0", "available_video_number": 1, "video_list": [video]}
        device = {"sn": self.aircraft, "available_video_number": 1, "camera_list": [camera]}
        await self._tell("state", {"live_capacity": {"available_video_number": 1, "device_list": [device]}})
        return bound

    async def ask(self, word: str, method: str, data: Body) -> Body:
        """Say it and wait for the answer to it."""
        tid = str(uuid4())
        root = "sys" if word == "status" else "thing"
        answer = self._waiting[tid] = asyncio.get_running_loop().create_future()
        try:
            await self._say(
                f"{root}/product/{self.serial_no}/{word}", self._envelope(tid, method, data) | {"need_reply": 1}
            )
            async with asyncio.timeout(ANSWER_SECONDS):
                return dict((await answer)["data"])
        finally:
            del self._waiting[tid]

    async def listen(self) -> None:
        """Do what it is told, until cancelled."""
        async for message in self._client.messages:
            assert isinstance(message.payload, bytes)
            body: Body = json.loads(message.payload)
            if message.topic.value.endswith("/services"):
                await self._serve(body)
            elif (waiting := self._waiting.get(body["tid"])) is not None and not waiting.done():
                waiting.set_result(body)

    async def end(self) -> None:
        """The aircraft and the film are gone as if the power had failed."""
        if self._flying is not None:
            self._flying.cancel()
            with suppress(asyncio.CancelledError):
                await self._flying
        await self.gear.film.stop()

    async def say_it_is_there(self) -> None:
        """It reports of itself, as a dock does every two seconds."""
        self._let_time_pass(0)
        await self._say(f"thing/product/{self.serial_no}/osd", self._envelope(str(uuid4()), "", {"mode_code": 0}))

    async def until_hovering(self) -> None:
        """Its aircraft hovers until it is called home."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._hovers.wait()

    async def _serve(self, body: Body) -> None:
        method = body["method"]
        self.told.append(method)
        number = self.wishes.says_no.get(method, 0)
        if number == 0:
            number = await self._do(method, body["data"])
        if number is not None:
            reply = self._envelope(body["tid"], method, {"result": number}) | {"bid": body["bid"]}
            await self._say(f"thing/product/{self.serial_no}/services_reply", reply)
        if method == "flighttask_execute" and number == 0:
            self._flying = asyncio.create_task(self._fly(body["data"]["flight_id"]))

    async def _do(self, method: str, data: Body) -> int:
        match method:
            case "flighttask_prepare":
                return await self._prepare(data)
            case "flighttask_execute":
                return 0 if data["flight_id"] in self.flights else UNKNOWN_FLIGHT
            case "flighttask_undo":
                for flight_id in data["flight_ids"]:
                    self.flights.pop(flight_id, None)
            case "return_home" if not self.wishes.forgets_home:
                self._home.set()
            case "live_start_push":
                return await self._send(data)
            case "live_stop_push":
                await self.gear.film.stop()
                await self._say_live(0)
        return 0

    async def _prepare(self, data: Body) -> int:
        content = await self.gear.fetch(data["file"]["url"])
        if self.wishes.spoils_files:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if md5(content, usedforsecurity=False).hexdigest() != data["file"]["fingerprint"]:
            return FILE_SPOILT
        self.flights[data["flight_id"]] = read_route(content)
        return 0

    async def _send(self, data: Body) -> int:
        if self.is_sending:
            return ALREADY_SENDING
        if (data["url_type"], data["video_id"]) != (1, self.camera):
            return WRONG_WORDS
        await self.gear.film.send(data["url"])
        await self._say_live(1)
        return 0

    async def _say_live(self, status: int) -> None:
        self.is_sending = status == 1
        await self._tell("state", {"live_status": [{"video_id": self.camera, "status": status, "error_status": 0}]})

    async def _fly(self, flight_id: str) -> None:
        route, wishes = self.flights.pop(flight_id), self.wishes
        self._home.clear()
        await self._progress(flight_id, "in_progress", 5, 0, 0)
        shown = -1
        for index, share, place in route.positions():
            await asyncio.sleep(TICK_SECONDS if self.gear.is_real_time else 0)
            self._let_time_pass(int(TICK_SECONDS * 1000))
            await self._report(place, route)
            if wishes.waits_at is not None and share >= wishes.waits_at:
                self._hovers.set()
                await self._hover(place, route)
            if self._home.is_set():
                await self._progress(flight_id, "canceled", 35, int(share * 100), index)
                return
            if wishes.breaks_off_at is not None and share >= wishes.breaks_off_at:
                await self._progress(flight_id, "failed", 35, int(share * 100), index, 316026)
                return
            if int(share * 20) != shown:
                shown = int(share * 20)
                await self._progress(flight_id, "in_progress", 24, int(share * 100), index)
        await self._progress(flight_id, "ok", 28, 100, len(route.places) - 1)
        await self.bring(flight_id, self.photographed(route.photos))

    def photographed(self, places: Sequence[tuple[float, float]]) -> list[Photo]:
        """A photograph of each place (lon, lat)."""
        names = (f"DJI_{number:04}_V.jpeg" for number in range(1, len(places) + 1))
        return [Photo(name, *place, next(self._pictures)) for name, place in zip(names, places, strict=True)]

    def _let_time_pass(self, passed_ms: int) -> None:
        self.now_ms = time.time_ns() // 1_000_000 if self.gear.is_real_time else self.now_ms + passed_ms

    async def bring(self, flight_id: str, photos: Sequence[Photo]) -> list[int]:
        """It asks where to put its files, puts them there one by one and says so; what it is answered, in order. One
        that is not taken it keeps in `kept` and says again with the next."""
        told = await self.ask("requests", "storage_config_get", {"module": 0})
        store, prefix = store_of(told["output"]), told["output"]["object_key_prefix"]
        answers = []
        for number, photo in enumerate(photos, 1):
            name = f"{prefix}/{flight_id or 'manual'}/{photo.name}"
            if photo.name not in self.wishes.swallows:
                await obstore.put_async(store, name, photo.content)
            if f"-{photo.name}" not in self.wishes.swallows:
                self.kept.append(self.uploaded(flight_id, name, photo, number, len(photos)))
            answers += await self.report_files()
        return answers

    async def report_files(self) -> list[int]:
        """It says which files it has sent; those that are not signed for it will say again."""
        answers, unsigned = [], []
        for said in self.kept:
            answers.append((await self.ask("events", "file_upload_callback", said))["result"])
            if answers[-1] != 0:
                unsigned.append(said)
        self.kept = unsigned
        return answers

    def uploaded(self, flight_id: str, object_key: str, photo: Photo, number: int, count: int) -> Body:
        """What it says of a file, the `number`th of `count`."""
        return photo.report(flight_id, object_key, self.now_ms / 1000 - count + number, (count, number))

    async def _progress(
        self, flight_id: str, state: str, step: int, percent: int, waypoint: int, result: int = 0
    ) -> None:
        status: str | int = STATES.index(state) if self.wishes.is_sloppy else state
        ext = {"flight_id": flight_id, "current_waypoint_index": waypoint, "wayline_id": 0, "wayline_mission_state": 6}
        output = {"status": status, "progress": {"current_step": step, "percent": percent}, "ext": ext}
        await self._tell("events", {"result": result, "output": output}, "flighttask_progress")

    async def _hover(self, place: tuple[float, float], route: Route) -> None:
        """Until it is called home it says again and again where it is, as an aircraft in the air does."""
        while not self._home.is_set():
            self._let_time_pass(HOVER_MS)
            await self._report(place, route)
            with suppress(TimeoutError):
                async with asyncio.timeout(HOVER_MS / 1000):
                    await self._home.wait()

    async def _report(self, place: tuple[float, float], route: Route) -> None:
        lon, lat = place
        if self._was_at is not None and self._was_at != place:
            self._heads = bearing_deg(*self._was_at, lon, lat)
        self._was_at = place
        data = {
            "mode_code": 5, "longitude": lon, "latitude": lat, "height": route.height_m, "attitude_head": self._heads,
            "horizontal_speed": route.speed_m_s, "elevation": route.height_m,
            "81-0-0": {"gimbal_pitch": -90, "gimbal_roll": 0, "gimbal_yaw": self._heads, "zoom_factor": 1},
        }  # fmt: skip
        body = data if self.wishes.is_sloppy else self._envelope(str(uuid4()), "", data)
        await self._say(f"thing/product/{self.aircraft}/osd", body)

    async def _tell(self, word: str, data: Body, method: str = "") -> None:
        await self._say(f"thing/product/{self.serial_no}/{word}", self._envelope(str(uuid4()), method, data))

    def _envelope(self, tid: str, method: str, data: Body) -> Body:
        body: Body = {"tid": tid, "bid": tid, "timestamp": self.now_ms, "gateway": self.serial_no, "data": data}
        return body | ({"method": method} if method else {})

    async def _say(self, topic: str, body: Body) -> None:
        await self._client.publish(topic, json.dumps(body).encode(), qos=1)


@asynccontextmanager
async def simulated(
    at: Broker, serial_no: str, aircraft: str, gear: Gear, *, ago_s: float = 3600
) -> AsyncIterator[SimulatedDock]:
    """A dock inside. Its clock began `ago_s` seconds before ours, so that what it flies at once lies in the past.

    Raises    aiomqtt.MqttError: the broker has gone
    """
    client = aiomqtt.Client(
        "127.0.0.1", at.port, username=serial_no, password=at.passwords[serial_no], identifier=f"{serial_no}-sim",
        max_queued_incoming_messages=1000,
    )  # fmt: skip
    async with client:
        for topic in (f"sys/product/{serial_no}/status_reply", f"thing/product/{serial_no}/events_reply",
                      f"thing/product/{serial_no}/requests_reply", f"thing/product/{serial_no}/services"):  # fmt: skip
            await client.subscribe(topic, qos=1)
        found = SimulatedDock(client, serial_no, aircraft, gear, int((time.time() - ago_s) * 1000))
        listening = asyncio.create_task(found.listen())
        try:
            yield found
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError, aiomqtt.MqttError):
                await listening
            await found.end()
