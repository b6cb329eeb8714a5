"""What docks say: as documented, as others say it, and as nobody should."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.kernel.errors import Invalid
from liandong.wires.dji import frame
from liandong.wires.dji.frame import Channel, Message

OSD = "thing/product/1581FSAMPLE/osd"
STATUS = "sys/product/7CTDSAMPLE/status"
EVENTS = "thing/product/7CTDSAMPLE/events"
FLYING = {"latitude": 36.6527, "longitude": 116.9001, "height": 130.2, "attitude_head": -90, "horizontal_speed": 9.8}


def read(topic: str, body: object) -> Message:
    return frame.read(topic, json.dumps(body).encode())


def refusal(topic: str, payload: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        frame.read(topic, payload)
    return refused.value.code


def test_a_position_with_and_without_its_envelope() -> None:
    envelope = {"tid": "t", "bid": "b", "timestamp": 1667220916697, "gateway": "7CTDSAMPLE", "data": FLYING}
    for body in (envelope, FLYING):
        assert frame.place(read(OSD, body)) == (116.9001, 36.6527, 130.2, 270.0, 9.8)
    assert read(OSD, envelope)[5:7] == (1667220916697, "7CTDSAMPLE")
    assert read(OSD, FLYING)[5:7] == (None, None), "what is not said is not made up"


@pytest.mark.parametrize("data", [{"mode_code": 14}, {"latitude": 0, "longitude": 0.0}])
def test_without_a_fix_there_is_no_position(data: dict[str, Any]) -> None:
    assert frame.place(read(OSD, {"data": data})) is None


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({"gimbal_pitch": -90, "gimbal_roll": 0, "gimbal_yaw": 90, "zoom_factor": 7}, (90, -90, 0, 7, 100)),
        ({"gimbal_pitch": "-45.5", "gimbal_yaw": "-91.40"}, (-91.4, -45.5, 0, 1, 100)),
        ({"gimbal_pitch": -90}, None),
    ],
)
def test_how_the_camera_is_held(said: dict[str, Any], held: tuple[float, ...] | None) -> None:
    assert frame.camera(read(OSD, {"data": FLYING | {"elevation": 100, "81-0-0": said}})) == held
    assert frame.camera(read(OSD, {"data": FLYING | {"81-0-0": said}})) is None, "without a height nobody knows"
    assert frame.camera(read(OSD, {"data": FLYING | {"elevation": 100}})) is None


@pytest.mark.parametrize("domain", [3, "3", "0"])
def test_a_topology_whatever_way_its_numbers_are_written(domain: object) -> None:
    data = {"domain": domain, "type": "60", "sub_devices": [{"sn": "1581FSAMPLE", "type": "91"}]}
    assert frame.sub_devices(read(STATUS, {"method": "update_topo", "data": data})) == ("1581FSAMPLE",)
    assert frame.sub_devices(read(STATUS, {"method": "update_topo", "data": {"sub_devices": []}})) == ()


def test_a_report_of_a_file_whatever_way_it_is_written() -> None:
    file: dict[str, Any] = {"object_key": "/7CTDSAMPLE/f/1.jpeg", "name": "1.jpeg", "ext": {"flight_id": "f"}}
    meta = {
        "gimbal_yaw_degree": "-91.40",
        "create_time": "2026-05-08T16:04:20+08:00",
        "shoot_position": {"lat": 36.65, "lng": 116.9},
    }
    counts = {"expected_file_count": "14", "uploaded_file_count": -1}
    said = frame.upload_report(
        read(
            EVENTS,
            {"method": "file_upload_callback", "data": {"file": file | {"metadata": meta}, "flight_task": counts}},
        )
    )
    assert (said.object_key, said.flight_id, said.lon, said.lat) == ("7CTDSAMPLE/f/1.jpeg", "f", 116.9, 36.65)
    assert said.created_at is not None and said.created_at.utcoffset() == timedelta(hours=8)
    assert said.metadata == {"name": "1.jpeg", "create_time": meta["create_time"], "gimbal_yaw_degree": -91.4}
    assert (said.expected, said.uploaded) == (14, None)
    bare = frame.upload_report(read(EVENTS, {"method": "file_upload_callback", "data": {"file": {"object_key": "k"}}}))
    assert bare == ("k", "", None, None, None, {}, None, None)


@pytest.mark.parametrize("status", ["in_progress", 1, "1"])
def test_progress_in_words_and_in_numbers(status: object) -> None:
    output = {"status": status, "progress": {"percent": "43"}, "ext": {"flight_id": "f", "current_waypoint_index": 3}}
    message = read(EVENTS, {"method": "flighttask_progress", "need_reply": 1, "data": {"result": 0, "output": output}})
    assert frame.progress(message) == ("f", "in_progress", 43, 3, 0, None)
    assert message.needs_reply


@pytest.mark.parametrize(
    ("topic", "payload", "code"),
    [
        ("thing/product/1581FSAMPLE/services", b"{}", "dji.topic_unknown"),
        ("thing/product/../osd", b"{}", "dji.topic_unknown"),
        (OSD, b"\xff\xfe", "dji.unreadable"),
        (OSD, b'{"data":{"latitude":36.', "dji.unreadable"),
        (OSD, b"[" * 100_000, "dji.unreadable"),
        (OSD, b'{"tid":"t"}', "dji.unreadable"),
        (OSD, b'{"data":{},"gateway":"a/b"}', "dji.unreadable"),
        (OSD, b" " * (frame.LARGEST + 1), "dji.too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(topic: str, payload: bytes, code: str) -> None:
    assert refusal(topic, payload) == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)
FIELDS = (
    "latitude",
    "longitude",
    "height",
    "elevation",
    "81-0-0",
    "sub_devices",
    "devices",
    "output",
    "result",
    "list",
    "file",
    "flight_task",
)
DATA = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))
ENVELOPE = st.fixed_dictionaries(
    {"data": DATA | JSON}, optional=dict.fromkeys(("tid", "bid", "timestamp", "gateway", "need_reply"), JSON)
)


@settings(deadline=None)
@given(channel=st.sampled_from(list(Channel)), body=ENVELOPE | JSON)
def test_whatever_comes_is_read_or_refused(channel: Channel, body: object) -> None:
    topic = f"{'sys' if channel is Channel.status else 'thing'}/product/SAMPLE/{channel}"
    _every_reader(topic, json.dumps(body).encode())


@settings(deadline=None)
@given(topic=st.text(max_size=60) | st.just(OSD), payload=st.binary(max_size=400))
def test_any_bytes_on_any_topic_are_read_or_refused(topic: str, payload: bytes) -> None:
    _every_reader(topic, payload)


def _every_reader(topic: str, payload: bytes) -> None:
    codes = set()
    try:
        message = frame.read(topic, payload)
    except Invalid as error:
        codes.add(error.code)
    else:
        for reader in (
            frame.sub_devices,
            frame.place,
            frame.camera,
            frame.progress,
            frame.asked_serials,
            frame.alarms,
            frame.upload_report,
        ):
            try:
                reader(message)
            except Invalid as error:
                codes.add(error.code)
    assert codes <= {"dji.topic_unknown", "dji.unreadable"}
