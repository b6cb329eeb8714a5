"""Positions on their way: what cannot be is refused, and a frame says what went into it, on both sides."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.kernel.clock import now
from liandong.means.ground.aims import aim_of
from liandong.means.ground.seen import ground_seen
from liandong.means.tracks.points import ENTRY, Point, entry, frame, latest_believed, milliseconds, objection, shape

CAPTURED = Path(__file__).parent / "frames.json"
ONE = UUID("0190d7c5-2f1e-7c3a-9b1d-000000000001")
TWO = UUID("0190d7c5-2f1e-7c3a-9b1d-0000000000ff")
"""What the screens' own reader is held to as well."""
SAMPLES = [
    ("everything known", True, [Point(ONE, "vehicle", "990101", None, 1_770_000_000_123, 117.1234567, 36.7654321, 12.3, 1234, 359.99, 27.78)]),
    ("nothing but a place", False, [Point(ONE, "officer", "990101", None, 0, -180, -90), Point(TWO, "aircraft", "990101", None, 1, 180, 90)]),
    ("nothing", True, []),
    ("a camera that looks at the ground, and one that looks at the sky", False, [
        Point(TWO, "aircraft", "990101", None, 3, 117.1, 36.6, altitude_m=160, aim=aim_of(90, -45, 0, 100, 1.4)),
        Point(ONE, "aircraft", "990101", None, 4, 117.2, 36.7, altitude_m=160, aim=aim_of(90, 45, 0, 100, 1.4)),
    ]),
    ("more than a frame can say", False, [Point(TWO, "boat", "990101", None, 2, 0, 0, 1e9, 1e6, 725.5, 1e6)]),
]  # fmt: skip


def _says(whole: bool, points: list[Point]) -> dict[str, object]:
    def shown(value: float | None, most: float) -> float | None:
        return None if value is None else min(value, most)

    return {
        "isWhole": whole,
        "places": [
            {
                "id": str(point.carrier_id), "kind": point.kind, "at": point.at_ms, "lon": point.lon, "lat": point.lat,
                "accuracy_m": shown(point.accuracy_m, 6553.4), "altitude_m": shown(point.altitude_m, 32767),
                "course_deg": None if point.course_deg is None else round(point.course_deg % 360, 2),
                "speed_mps": shown(point.speed_mps, 655.34), "ground": _ground(point),
            }
            for point in points
        ],
    }  # fmt: skip


def _ground(point: Point) -> list[list[float]] | None:
    seen = None if point.aim is None else ground_seen(point.lon, point.lat, point.aim)
    return None if seen is None else [[round(lon * 1e7) / 1e7, round(lat * 1e7) / 1e7] for lon, lat in seen]


def test_the_frames_that_the_screens_are_tested_with_are_the_servers() -> None:
    made = [
        {
            "name": name,
            "hex": frame(list(map(entry, points)), list(filter(None, map(shape, points))), whole=whole).hex(),
            "says": _says(whole, points),
        }
        for name, whole, points in SAMPLES
    ]
    assert json.loads(CAPTURED.read_text()) == made


numbers = st.floats(allow_nan=True, allow_infinity=True)
finite = st.floats(-1e12, 1e12)


@settings(deadline=None)
@given(lon=numbers, lat=numbers, at_ms=st.integers(-(2**40), 2**42))
def test_a_place_is_on_earth_and_not_in_the_future_or_refused(lon: float, lat: float, at_ms: int) -> None:
    error = objection(Point(ONE, "officer", "", None, at_ms, lon, lat), latest_believed(now()))
    is_on_earth = -180 <= lon <= 180 and -90 <= lat <= 90
    is_past = 0 <= at_ms <= milliseconds(now()) + 121_000
    assert (error is None) == (is_on_earth and is_past)
    assert error is None or error.code in ("kernel.position_out_of_range", "tracks.clock_ahead", "tracks.too_old")


@settings(deadline=None)
@given(st.none() | finite, st.none() | finite, st.none() | finite, st.none() | finite)
def test_every_measure_fits_into_its_entry(
    accuracy: float | None, altitude: float | None, course: float | None, speed: float | None
) -> None:
    body = entry(Point(ONE, "boat", "", None, 7, 1.5, -2.5, accuracy, altitude, course, speed))
    read = ENTRY.unpack(body)
    assert read[4:7] == (7, 15_000_000, -25_000_000)
    for value, said, nothing in zip(
        (accuracy, altitude, course, speed), read[7:], (0xFFFF, -0x8000, 0xFFFF, 0xFFFF), strict=True
    ):
        assert (said == nothing) == (value is None)


@pytest.mark.parametrize(
    ("at", "ms"), [("2026-03-01T08:00:00.999999+08:00", 1772323200999), ("1970-01-01T00:00:00Z", 0)]
)
def test_an_instant_in_milliseconds(at: str, ms: int) -> None:
    assert milliseconds(datetime.fromisoformat(at)) == ms
