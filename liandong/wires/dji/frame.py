"""What a dock or remote control of DJI says by MQTT, read without a side effect.

Facts of the DJI Cloud API (documentation of 2024-11); senders in the field differ from it: no envelope around `data`,
numbers as strings, states as numbers. All of that is read; what cannot be read is refused with a code.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from liandong.kernel.errors import Invalid

LARGEST = 256 * 1024
"""Bytes of one message; the largest of the documentation, a list of capabilities, has a tenth of it."""
MOST_SUB_DEVICES = 16
MOST_CAMERAS = 64
MOST_WAYPOINTS = 65_535
"""The largest index that a route of the maker can have."""
_PAYLOAD = re.compile(r"\d{1,4}-\d{1,4}-\d{1,4}")
"""Kind, subkind and mounting place: the key under which a report says how a camera is held."""
LONGEST_KEY = 1024
MOST_FILES = 1_000_000
MODELS = ("drone_model_key", "payload_model_key")
FIGURES = ("absolute_altitude", "relative_altitude", "gimbal_yaw_degree")
"""Metres above the ellipsoid and above take-off, degrees from north."""
_SERIAL = re.compile(r"[A-Za-z0-9_-]{4,64}")
_ANY = msgspec.json.Decoder()


class Channel(StrEnum):
    """What a topic is for; only the channels that are listened to."""

    status = "status"
    osd = "osd"
    events = "events"
    requests = "requests"
    state = "state"
    services_reply = "services_reply"


class Message(NamedTuple):
    """One message. `serial_no` is the device of the topic; `gateway` and `at_ms` (ms since 1970) are None when unsaid."""

    channel: Channel
    serial_no: str
    tid: str
    bid: str
    method: str
    at_ms: int | None
    gateway: str | None
    needs_reply: bool
    data: dict[str, Any]


class Place(NamedTuple):
    """Where an aircraft says it is: degrees WGS-84, metres above the ellipsoid, degrees from north, m/s."""

    lon: float
    lat: float
    altitude_m: float | None
    course_deg: float | None
    speed_mps: float | None


class Camera(NamedTuple):
    """How the first camera of an aircraft is held: degrees, yaw from true north; metres above the place of take-off."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    zoom: float
    height_m: float


class Progress(NamedTuple):
    """How far a flight is. `state` is a word of STATES, `percent` 0-100, `result` 0 or the maker's error number."""

    flight_id: str
    state: str
    percent: int | None
    waypoint: int | None
    result: int
    wayline_state: str | None = None


class UploadReport(NamedTuple):
    """A file that a dock says it has put into the store. `created_at` by the camera's clock, often without a zone; place
    in degrees WGS-84. `expected` and `uploaded` count the flight's files. What is None is unsaid or unusable."""

    object_key: str
    flight_id: str
    created_at: datetime | None
    lon: float | None
    lat: float | None
    metadata: dict[str, str | float | bool]
    expected: int | None
    uploaded: int | None


STATES = ("sent", "in_progress", "paused", "ok", "partially_done", "failed", "canceled", "rejected", "timeout")


def parse_topic(topic: str) -> tuple[Channel, str]:
    """The channel and the serial number of a topic.

    Raises    dji.topic_unknown
    """
    match topic.split("/"):
        case ["sys", "product", serial_no, "status"]:
            channel = Channel.status
        case ["thing", "product", serial_no, ("osd" | "events" | "requests" | "state" | "services_reply") as word]:
            channel = Channel(word)
        case _:
            raise Invalid("dji.topic_unknown")
    return channel, _serial(serial_no, "dji.topic_unknown")


def read(topic: str, payload: bytes) -> Message:
    """A message as it was meant.

    Raises    dji.topic_unknown, dji.too_large, dji.unreadable
    """
    channel, serial_no = parse_topic(topic)
    if len(payload) > LARGEST:
        raise Invalid("dji.too_large", most=LARGEST)
    try:
        body = _ANY.decode(payload)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise Invalid("dji.unreadable") from None
    if not isinstance(body, dict):
        raise Invalid("dji.unreadable")
    data = body.get("data", None if "tid" in body or "method" in body else body)
    if not isinstance(data, dict):
        raise Invalid("dji.unreadable")
    gateway = body.get("gateway")
    return Message(
        channel, serial_no, _word(body.get("tid")), _word(body.get("bid")), _word(body.get("method")),
        whole(body.get("timestamp")), None if gateway is None else _serial(gateway, "dji.unreadable"),
        whole(body.get("need_reply")) == 1, data,
    )  # fmt: skip


def sub_devices(message: Message) -> tuple[str, ...]:
    """The serial numbers that a gateway says are connected to it; none: its aircraft is off.

    Raises    dji.unreadable
    """
    listed = message.data.get("sub_devices", [])
    if not isinstance(listed, list) or len(listed) > MOST_SUB_DEVICES:
        raise Invalid("dji.unreadable")
    return tuple(_serial(one.get("sn") if isinstance(one, dict) else None, "dji.unreadable") for one in listed)


def place(message: Message) -> Place | None:
    """Where the aircraft is; None when it does not say, or has no fix and says 0, 0.

    Raises    dji.unreadable
    """
    if "latitude" not in message.data and "longitude" not in message.data:
        return None
    lon, lat = number(message.data.get("longitude")), number(message.data.get("latitude"))
    if lon is None or lat is None:
        raise Invalid("dji.unreadable")
    if lon == 0 and lat == 0:
        return None
    course, speed = number(message.data.get("attitude_head")), number(message.data.get("horizontal_speed"))
    return Place(lon, lat, number(message.data.get("height")), None if course is None else course % 360, speed)


def camera(message: Message) -> Camera | None:
    """How the camera is held; None when the aircraft does not say all of it.

    That yaw counts from north is what the maker writes of its photographs; of its reports it writes nothing.

    Raises    dji.unreadable
    """
    key = next((key for key in sorted(message.data) if _PAYLOAD.fullmatch(key)), None)
    if key is None:
        return None
    held = _object(message.data[key])
    said = [number(held.get(name)) for name in ("gimbal_yaw", "gimbal_pitch", "gimbal_roll")]
    height_m, zoom = number(message.data.get("elevation")), number(held.get("zoom_factor"))
    yaw, pitch, roll = said
    if yaw is None or pitch is None or height_m is None:
        return None
    return Camera(yaw, pitch, roll or 0.0, zoom or 1.0, height_m)


def progress(message: Message) -> Progress:
    """How far a flight is, from `flighttask_progress`.

    Raises    dji.unreadable
    """
    output = _object(message.data.get("output"))
    ext, steps = _object(output.get("ext", {})), _object(output.get("progress", {}))
    percent = whole(steps.get("percent"))
    return Progress(
        _word(ext.get("flight_id")),
        _state(output.get("status")),
        None if percent is None else max(0, min(100, percent)),
        _waypoint(ext.get("current_waypoint_index")),
        whole(message.data.get("result")) or 0,
        None if (wayline := whole(ext.get("wayline_mission_state"))) is None else str(wayline),
    )


def upload_report(message: Message) -> UploadReport:
    """A file that the dock has sent, from `file_upload_callback`: without size or digest, those are ours to find.

    Raises    dji.unreadable
    """
    file = _object(message.data.get("file"))
    key = file.get("object_key")
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid("dji.unreadable")
    ext, meta = _object(file.get("ext") or {}), _object(file.get("metadata") or {})
    task, place_of = _object(message.data.get("flight_task") or {}), _object(meta.get("shoot_position") or {})
    lon, lat = number(place_of.get("lng", place_of.get("lon"))), number(place_of.get("lat"))
    is_somewhere = lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0)
    words = {
        name: _word(said.get(name))
        for said, names in ((file, ("name",)), (ext, MODELS), (meta, ("create_time",)))
        for name in names
    }
    figures = {name: found for name in FIGURES if (found := number(meta.get(name))) is not None}
    is_original = ext.get("is_original")
    return UploadReport(
        key.removeprefix("/"), _word(ext.get("flight_id")), _moment(meta.get("create_time")),
        lon if is_somewhere else None, lat if is_somewhere else None,
        {**{name: word for name, word in words.items() if word and word.isprintable()}, **figures,
         **({"is_original": is_original} if isinstance(is_original, bool) else {})},
        _count(task.get("expected_file_count")), _count(task.get("uploaded_file_count")),
    )  # fmt: skip


def order_id_of(flight_id: str) -> UUID | None:
    """The order that a flight's number may name; None: it can be none of ours, as that of a flight by hand."""
    try:
        return UUID(flight_id)
    except ValueError:
        return None


def alarms(message: Message) -> list[str]:
    """The maker's numbers of what is not in order now, from `hms`.

    Raises    dji.unreadable
    """
    listed = message.data.get("list", [])
    if not isinstance(listed, list):
        raise Invalid("dji.unreadable")
    return [code for one in listed if (code := _word(_object(one).get("code")))]


def cameras(message: Message) -> list[str] | None:
    """The pictures that can be sent live, each as the maker names it (`aircraft/camera/picture`); None when unsaid.

    Raises    dji.unreadable
    """
    capacity = message.data.get("live_capacity")
    if capacity is None:
        return None
    found = []
    for device in _listed(_object(capacity), "device_list"):
        for camera in _listed(device, "camera_list"):
            for video in _listed(camera, "video_list"):
                parts = [_word(device.get("sn")), _word(camera.get("camera_index")), _word(video.get("video_index"))]
                if all(parts):
                    found.append("/".join(parts))
    return found[:MOST_CAMERAS]


def is_sending(message: Message) -> bool | None:
    """Whether the device sends any picture now, from `live_status`; None when unsaid.

    Raises    dji.unreadable
    """
    if "live_status" not in message.data:
        return None
    return any(whole(one.get("status")) == 1 for one in _listed(message.data, "live_status"))


def result(message: Message) -> int:
    """The number of a reply: 0 for yes; a reply without one says no.

    Raises    dji.unreadable
    """
    found = whole(message.data.get("result"))
    if found is None:
        raise Invalid("dji.unreadable")
    return found


def _listed(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = parent.get(name, [])
    if not isinstance(listed, list):
        raise Invalid("dji.unreadable")
    return [_object(one) for one in listed]


def asked_serials(message: Message, name: str = "devices") -> tuple[str, ...]:
    """The devices that a request lists under `name`.

    Raises    dji.unreadable
    """
    return sub_devices(message._replace(data={"sub_devices": message.data.get(name, [])}))


def number(value: object) -> float | None:
    """A finite number, also one written as a string; anything else is unsaid."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    """A whole number, also one written as a string; anything else, or beyond 64 bits, is unsaid."""
    found = number(value)
    return int(found) if found is not None and abs(found) < 2**53 else None


def _waypoint(value: object) -> int | None:
    found = whole(value)
    return found if found is not None and 0 <= found <= MOST_WAYPOINTS else None


def _count(value: object) -> int | None:
    found = whole(value)
    return found if found is not None and 0 <= found <= MOST_FILES else None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None


def _state(value: object) -> str:
    """Some senders number the states in the order of the documentation."""
    place_of = None if value in STATES else whole(value)
    if place_of is not None and 0 <= place_of < len(STATES):
        return STATES[place_of]
    if value not in STATES:
        raise Invalid("dji.unreadable")
    return str(value)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid("dji.unreadable")
    return value


def _serial(value: object, code: str) -> str:
    if not isinstance(value, str) or not _SERIAL.fullmatch(value):
        raise Invalid(code)
    return value


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 128 else ""
