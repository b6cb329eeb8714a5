"""Frames as they come from anywhere: cut, changed, mixed, too long."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymavlink.dialects.v20 import ardupilotmega as dialect
from pymavlink.quaternion import Quaternion

from liandong.kernel.errors import Invalid, LiandongError
from liandong.wires.mavlink import frame
from liandong.wires.mavlink.desk import Desk, read_networks
from liandong.wires.mavlink.gimbal import angles
from liandong.work.drones.autopilots import LinkedAircraft
from tests.wires.mavlink.air import ANYONE_HERE, heartbeat, position, recorded

OURS = LinkedAircraft(UUID(int=1), "示例无人机", "370100", 1, b"k" * 32, 1.4)
HERE = ("127.0.0.1", 5760)
FLIGHT = [raw for _, raw in recorded()]
NOW_MS = 1_800_000_000_000


def desk(unsigned_from: str = ANYONE_HERE) -> Desk:
    found = Desk(read_networks(unsigned_from), lambda: NOW_MS)
    found.know({1: OURS})
    return found


def packer(key: bytes | None = None) -> dialect.MAVLink:
    found = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
    if key:
        found.signing.secret_key, found.signing.sign_outgoing = key, True
        found.signing.timestamp = frame.signing_time(NOW_MS)
    return found


def test_a_frame_says_what_it_said() -> None:
    raw = bytes(position(1000).pack(packer()))
    (one,) = frame.frames(raw)
    said = frame.decode(one)
    assert (one.system_id, one.component_id, one.is_signed, said.lat) == (1, 1, False, 366512000)
    old = bytes(heartbeat().pack(packer(), force_mavlink1=True))
    assert [frame.decode(one).get_type() for one in frame.frames(old + raw)] == ["HEARTBEAT", "GLOBAL_POSITION_INT"]


@settings(deadline=None, max_examples=400)
@given(st.binary(max_size=600))
def test_garbage_is_counted_and_harms_nothing(garbage: bytes) -> None:
    at = desk()
    assert at.take(garbage, HERE) == []
    assert sum(at.refused.values()) + at.left + sum(at.taken.values()) > 0
    assert len(at.take(bytes(position(1000).pack(packer())), HERE)) == 1


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(FLIGHT), st.data())
def test_a_frame_that_was_changed_is_never_believed(raw: bytes, data: st.DataObject) -> None:
    at = desk()
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert at.take(bytes(changed), HERE) == []
    assert not at.taken


@settings(deadline=None, max_examples=300)
@given(st.binary(min_size=0, max_size=48), st.data())
def test_without_the_key_nothing_is_believed(noise: bytes, data: st.DataObject) -> None:
    at = desk(unsigned_from="")
    wrong = data.draw(st.binary(min_size=32, max_size=32).filter(lambda key: key != OURS.signing_key))
    forged = bytearray(position(1000).pack(packer(wrong)))
    for number, byte in enumerate(noise[:12]):
        forged[-13 + number] = byte
    assert at.take(bytes(forged), HERE) == []
    assert at.refused == {"mavlink.wrong_signature": 1}
    assert len(at.take(bytes(position(1000).pack(packer(OURS.signing_key))), HERE)) == 1


def test_every_cut_of_a_datagram_is_survived() -> None:
    whole = b"".join(FLIGHT[200:204])
    for length in range(len(whole)):
        with suppress(LiandongError):
            for one in frame.frames(whole[:length]):
                frame.decode(one)
    with pytest.raises(Invalid, match=r"mavlink\.too_large"):
        next(frame.frames(b"\xfd" * (frame.LARGEST + 1)))


def test_an_aircraft_with_another_key_begins_anew() -> None:
    at = desk(unsigned_from="")
    assert len(at.take(bytes(position(1000).pack(packer(OURS.signing_key))), HERE)) == 1
    at.know({1: replace(OURS, signing_key=b"n" * 32)})
    assert at.take(bytes(position(2000).pack(packer(OURS.signing_key))), HERE) == []
    assert len(at.take(bytes(position(2000).pack(packer(b"n" * 32))), HERE)) == 1
    at.know({})
    assert at.take(bytes(position(3000).pack(packer(b"n" * 32))), HERE) == []
    assert at.refused == {"mavlink.wrong_signature": 1, "mavlink.aircraft_unknown": 1}


def gimbal(q: list[float], flags: int) -> Any:
    return dialect.MAVLink_gimbal_device_attitude_status_message(0, 0, 1000, flags, q, 0, 0, 0, 0)


def turned(yaw: float, pitch: float, roll: float) -> list[float]:
    """The rotation of a camera that is turned, then tilted, then rolled."""
    return list(Quaternion([math.radians(roll), math.radians(pitch), math.radians(yaw)]).q)


@settings(deadline=None)
@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(-170, 170))
def test_the_angles_of_a_rotation(yaw: float, pitch: float, roll: float) -> None:
    assert angles(turned(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=0.01)
    down_yaw, down_pitch, down_roll = angles(turned(yaw, -90, 0))
    assert (down_pitch, down_roll) == (pytest.approx(-90, abs=0.1), 0)
    assert math.cos(math.radians(down_yaw - yaw)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("flags", "yaw"),
    [(dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME, 30), (dialect.GIMBAL_DEVICE_FLAGS_YAW_LOCK, 30),
     (dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME, 120), (0, 120)],
)  # fmt: skip
def test_how_the_camera_is_held_goes_with_the_next_position(flags: int, yaw: float) -> None:
    """The aircraft heads east."""
    at, now_ms = desk(), NOW_MS
    at.now_ms = lambda: now_ms
    speak = packer()
    assert at.take(bytes(position(1000).pack(speak)), HERE)[0].aim is None
    at.take(bytes(gimbal(turned(30, -45, 0), flags).pack(speak)), HERE)
    (point,) = at.take(bytes(position(1200).pack(speak)), HERE)
    assert point.aim is not None
    assert (point.aim.yaw_deg, point.aim.pitch_deg) == pytest.approx((yaw, -45), abs=0.01)
    assert (point.aim.height_m, point.aim.across) == (60, 1.4)
    now_ms += 2_000
    assert at.take(bytes(position(3200).pack(speak)), HERE)[0].aim is None, "what it said long ago says nothing"
    at.take(bytes(gimbal([0, 0, 0, 0], flags).pack(speak)), HERE)
    assert at.refused == {"ground.aim_unbelievable": 1}


def test_the_sample_holds_what_it_should() -> None:
    assert len(FLIGHT) > 400, "the recorded flight is whole"
