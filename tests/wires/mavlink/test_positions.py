"""Aircraft on a real port: a recorded flight becomes a trail, and only those are believed who can be."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from liandong.kernel.db import Database
from liandong.kernel.errors import Invalid
from liandong.kernel.geo import haversine_m
from liandong.means.tracks.points import instant
from liandong.wires.mavlink.desk import read_networks
from tests.conftest import As
from tests.wires.mavlink.air import (
    ANYONE_HERE,
    HERE,
    HOME,
    REGISTERED,
    Sender,
    heartbeat,
    listening,
    now_ms,
    position,
    recorded,
)
from tests.wires.trails import until_kept
from tests.world import World

OURS = 1


@pytest.fixture
async def key(as_: As, world: World) -> bytes:
    """The key of the aircraft on record under the number of the recorded flight."""
    desk = as_(world.east.dispatcher)
    aircraft = await desk.post("/aircraft", REGISTERED | {"serial_no": "SAMPLE-1"})
    told = await desk.post(f"/aircraft/{aircraft['id']}/autopilot", {"system_id": OURS})
    return sha256(told["passphrase"].encode()).digest()


async def test_a_recorded_flight_is_kept_as_it_was_flown(db: Database, key: bytes) -> None:
    flight = list(recorded())
    began, ended = flight[0][0], flight[-1][0]
    late = now_ms() - (ended - began) - 1000
    clock = [late]
    async with listening(db, unsigned_from=ANYONE_HERE, clock=lambda: clock[0]) as (listener, address, _):
        sender = Sender(listener, address, OURS)
        for received_ms, raw in flight:
            clock[0] = received_ms - began + late
            await sender.send(raw)
        sender.close()
        trail = await until_kept(db, 341)
        craft = listener.desk.crafts[OURS]
        assert listener.desk.refused == {"mavlink.no_fix": 6}, "it did not know where it was at first"
        assert listener.desk.left > 0
        assert (craft.is_armed, craft.battery_percent, craft.mode) == (True, 45, "auto")
    track = json.loads((HERE / "patrol-track.json").read_text())
    ground_m = trail[0].altitude_m
    assert ground_m is not None
    for _, lat, lon, height_m, course_deg, speed_mps in track:
        nearest = min(
            trail, key=lambda at: haversine_m(at.lon, at.lat, lon, lat) + abs(at.altitude_m - ground_m - height_m)
        )
        assert haversine_m(nearest.lon, nearest.lat, lon, lat) < 1
        assert nearest.altitude_m == pytest.approx(ground_m + height_m, abs=1)
        assert abs((nearest.course_deg - course_deg + 180) % 360 - 180) < 20 or speed_mps < 1
    assert {at.kind for at in trail} == {"aircraft"}
    duration = trail[-1].happened_at - trail[0].happened_at
    assert abs(duration - timedelta(milliseconds=ended - began)) < timedelta(seconds=5)


async def test_who_signs_is_believed_wherever_it_is(db: Database, key: bytes) -> None:
    async with listening(db) as (listener, address, health):
        craft = Sender(listener, address, OURS, key)
        await craft.say(heartbeat(armed=True, mode=3))
        genuine = craft.pack(position(1000))
        await craft.send(genuine)
        await craft.send(genuine)  # heard before
        forger = Sender(listener, address, OURS, b"x" * 32)
        forger.packer.signing.timestamp += 10**12  # far ahead: must not shut the aircraft out
        await forger.say(position(2000, 117.5))
        unsigned = Sender(listener, address, OURS)
        await unsigned.say(position(2000, 117.5))
        moved = Sender(listener, address, OURS, key)
        moved.packer.signing.timestamp = craft.packer.signing.timestamp + 10
        await moved.say(position(3000))
        stranger = Sender(listener, address, 77)
        await stranger.say(position(2000))
        rows = await until_kept(db, 2)
        async with httpx.AsyncClient() as http:
            told = (await http.get(f"http://127.0.0.1:{health}/health")).json()
        for one in (craft, forger, unsigned, moved, stranger):
            one.close()
    assert told["refused"] == {
        "mavlink.replayed": 1, "mavlink.wrong_signature": 1, "mavlink.unsigned": 1, "mavlink.aircraft_unknown": 1,
    }  # fmt: skip
    assert list(told["unknown_systems"]) == ["77"]
    (online,) = told["online"]
    assert (online["system_id"], online["mode"], online["armed"], online["signs"]) == (OURS, "auto", True, True)
    assert online["height_m"] == 60
    assert {(row.lon, row.altitude_m, row.course_deg, row.speed_mps) for row in rows} == {(HOME[0], 160, 90, 5)}


async def test_what_cannot_be_is_refused_and_what_follows_is_kept(db: Database, key: bytes) -> None:
    clock = [now_ms() - 400_000]
    began = clock[0]
    async with listening(db, unsigned_from=ANYONE_HERE, clock=lambda: clock[0]) as (listener, address, _):
        craft = Sender(listener, address, OURS)
        await craft.say(position(100_000))
        await craft.say(position(99_000))  # older than the one before
        await craft.say(position(100_100, 118.0))  # 98 km in a tenth of a second
        await craft.say(position(100_200, 116.9, 95.0))
        clock[0] += 40_000
        await craft.say(position(101_000))  # 39 seconds on its way
        other = Sender(listener, address, OURS)
        await craft.say(heartbeat())
        await other.say(position(141_000))
        raw = craft.pack(position(142_000))
        await craft.send(raw[:-1] + bytes([raw[-1] ^ 1]))
        await craft.send(raw[:-3])
        await craft.send(b"\xfd" * 17_000)
        await craft.send(craft.pack(heartbeat()) + craft.pack(position(140_500)) + b"garbage")
        clock[0] += 5_000
        await craft.say(position(3_000))  # started again
        rows = await until_kept(db, 3)
        craft.close()
        other.close()
        assert listener.desk.refused == {
            "mavlink.out_of_order": 1, "mavlink.jump": 1, "kernel.position_out_of_range": 1, "mavlink.stale": 1,
            "mavlink.other_sender": 1, "mavlink.wrong_checksum": 1, "mavlink.unreadable": 2, "mavlink.too_large": 1,
        }  # fmt: skip
    # a position is dated when it was true, not when it came
    assert [row.happened_at for row in rows] == [instant(began), instant(began + 40_000), instant(began + 45_000)]


def test_networks_are_read_or_refused() -> None:
    assert [str(one) for one in read_networks("10.8.0.0/24, 127.0.0.1")] == ["10.8.0.0/24", "127.0.0.1/32"]
    with pytest.raises(Invalid, match=r"mavlink\.network_unreadable"):
        read_networks("somewhere")
