"""A sample dock in the demo: on record, online at a broker of the demo's own, it shows its picture, brings photographs of a
flight by hand, flies one mission that a desk orders, and from then on whatever anybody orders of it."""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiomqtt
import httpx

from liandong.demo.dock.broker import Broker
from liandong.demo.dock.simulator import Gear, SimulatedDock, simulated
from liandong.demo.encoder import read_film, send_film
from liandong.demo.people_at_work import Cast, Person
from liandong.kernel.blobs import OUT_OF_STORE

log = logging.getLogger(__name__)
AREA = "370104"
DOCK_NO, AIRCRAFT_NO = "SAMPLEDOCK01", "SAMPLEDRONE01"
"""Serial numbers that no maker gives."""
TITLE, PICTURE_TITLE, MISSION_TITLE = "示例槐荫机场", "示例机场无人机 · 机载画面", "示例机场巡飞"
PICTURES = Path(__file__).resolve().parents[1] / "pictures"
REPORT_SECONDS = 2.0
AGAIN_SECONDS = 2.0
BESIDE_DEG = 0.003
"""The dock stands some 300 m from the first source that its aircraft looks at."""
Row = dict[str, Any]


class SampleFilm:
    """The dock's picture: a drawn film, over and over. Where the connection breaks it is dialled again."""

    def __init__(self) -> None:
        self._film = read_film(PICTURES / "drone-dock.flv")
        self._sending: asyncio.Task[None] | None = None

    async def send(self, address: str) -> None:
        """It is on its way to this address."""
        await self.stop()
        self._sending = asyncio.create_task(self._send(address))

    async def _send(self, address: str) -> None:
        while True:
            with suppress(OSError):
                await send_film(address, self._film)
            await asyncio.sleep(AGAIN_SECONDS)

    async def stop(self) -> None:
        """It is sent no more."""
        if self._sending is not None:
            self._sending.cancel()
            with suppress(asyncio.CancelledError):
                await self._sending
            self._sending = None


async def keep_dock(cast: Cast, broker: Broker) -> None:
    """The dock is there until cancelled; when the broker or the server goes it comes again."""
    desk, has_flown = cast.desks[AREA], False
    gear = Gear(
        _fetch, SampleFilm(), [file.read_bytes() for file in sorted(PICTURES.glob("photo-*.jpeg"))], is_real_time=True
    )
    try:
        place = await _on_record(desk)
    except RuntimeError as error:
        log.warning("there is no sample dock: %s", error)
        return
    while True:
        try:
            async with simulated(broker, DOCK_NO, AIRCRAFT_NO, gear, ago_s=0) as dock, asyncio.TaskGroup() as group:
                await dock.begin()
                group.create_task(_report(dock))
                if not has_flown:
                    has_flown = True
                    group.create_task(_work(cast, dock, place))
        except* (aiomqtt.MqttError, OSError, TimeoutError, httpx.HTTPError) as errors:
            log.info("the sample dock comes again: %s", errors.exceptions[0])
        await asyncio.sleep(AGAIN_SECONDS)


async def _fetch(url: str) -> bytes:
    """As a dock does: without an account."""
    async with httpx.AsyncClient(timeout=30) as http:
        return (await http.get(url)).raise_for_status().content


async def _report(dock: SimulatedDock) -> None:
    while True:
        await dock.say_it_is_there()
        await asyncio.sleep(REPORT_SECONDS)


async def _work(cast: Cast, dock: SimulatedDock, place: Row) -> None:
    """What people do with it while the demo begins; where one of them is refused, the dock is there all the same."""
    try:
        await _show_picture(cast.desks[AREA], place["id"])
        by_hand = [(place["lon"] + step / 2000, place["lat"]) for step in range(2)]
        await dock.bring("", dock.photographed(by_hand))
        await _order_flight(cast, place)
    except (RuntimeError, *OUT_OF_STORE) as error:
        log.warning("the sample dock's play breaks off: %s", error)


async def _on_record(desk: Person) -> Row:
    """The dock as it is on record, with its aircraft and its stream; put there if it is not."""
    for dock in await desk.get("/docks"):
        if dock["serial_no"] == DOCK_NO:
            return dict(dock)
    source = (await _sources(desk))[0]
    aircraft = await desk.post(
        "/aircraft",
        {"title": "示例机场无人机", "model": "M3TD（示例）", "serial_no": AIRCRAFT_NO, "registration_no": "UAS示例00003",
         "swath_per_height": 1.408, "speed_m_s": 10, "usable_min": 25,
         "wpml_keys": {"drone": 91, "drone_sub": 1, "payload": 81}},
    )  # fmt: skip
    stream = await desk.post("/streams", {"kind": "drone", "title": PICTURE_TITLE})
    where = {"lon": source["lon"] + BESIDE_DEG, "lat": source["lat"]}
    of = {"title": TITLE, "serial_no": DOCK_NO, "aircraft_id": aircraft["id"], "stream_id": stream["id"]}
    return dict(await desk.post("/docks", of | where))


async def _sources(desk: Person) -> list[Row]:
    page = await desk.get("/sources", area_code=AREA, limit=200)
    return [source for source in page["items"] if source["lon"] is not None]


async def _show_picture(desk: Person, dock_id: str) -> None:
    """What was asked before the demo was stopped is forgotten first: the dock has begun anew."""
    while True:
        [state] = [dock["state"] for dock in await desk.get("/docks") if dock["id"] == dock_id]
        if state == "idle":
            await desk.post(f"/docks/{dock_id}/start_picture", {})
            return
        if state == "sending":
            await desk.post(f"/docks/{dock_id}/stop_picture", {})
        await asyncio.sleep(AGAIN_SECONDS)


async def _order_flight(cast: Cast, place: Row) -> None:
    """A mission over the two sources nearest to the dock is planned, released and ordered of it."""
    desk = cast.desks[AREA]

    def away(source: Row) -> float:
        return math.hypot(source["lon"] - place["lon"], source["lat"] - place["lat"])

    nearest = sorted(await _sources(desk), key=away)[:2]
    wish = {"title": MISSION_TITLE, "kind": "places", "aircraft_id": place["aircraft_id"],
            "home": [place["lon"], place["lat"]], "source_ids": [source["id"] for source in nearest]}  # fmt: skip
    mission = await desk.post("/missions", wish)
    pilot = cast.officers[AREA][0].officer_id
    await desk.post(f"/missions/{mission['id']}/release", {"pilot_officer_id": pilot})
    await desk.post(f"/missions/{mission['id']}/orders", {"flight_number": 1})
