"""The doctor of live pictures: what is known of each leg makes one finding, and every finding can come about."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.means.video import doctor
from liandong.means.video.doctor import diagnose
from liandong.means.video.looks import IngestSeen, SenderSeen, StreamSeen, ViewerSeen
from liandong.means.video.states import StreamState
from liandong.means.video.tables import Stream

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SENDER = SenderSeen("rtmp", NOW.timestamp() - 60, "avc1.42c01e", 1280, 720, 1900.0, 25.0, 0.1, sends_stills=False)
VIEWER = ViewerSeen("ws-fmp4", NOW.timestamp() - 30, 0, 0, 500, 2)
SEEN = StreamSeen(SENDER, [VIEWER], 4.0, 0)
LEGS = ["sender", "control", "store", "viewers"]


def stream(**more: Any) -> Stream:
    """A stream that is live and recorded."""
    said = {"state": StreamState.live, "is_recorded": True, "fault": None, "recording_fault": None, "live_at": NOW}
    return Stream(**(said | more))


def codes(said: Stream, seen: StreamSeen | None, recorded_s: float | None = 5) -> dict[str, str]:
    """What is found on each leg."""
    until = None if recorded_s is None else NOW - timedelta(seconds=recorded_s)
    found = diagnose(said, seen, recorded_until=until, now=NOW)
    assert [one.leg for one in found if one.leg != "ingest"] == LEGS
    assert ("ingest" in [one.leg for one in found]) == (seen is not None and seen.ingest is not None)
    return {one.leg: f"{one.level} {one.code}" for one in found}


def with_sender(**more: Any) -> StreamSeen:
    """As seen with this about the sender."""
    return msgspec.structs.replace(SEEN, sender=msgspec.structs.replace(SENDER, **more))


def with_viewers(*viewers: ViewerSeen) -> StreamSeen:
    """As seen with these viewers."""
    return msgspec.structs.replace(SEEN, viewers=list(viewers))


def with_ingest(sender: SenderSeen | None, **more: Any) -> StreamSeen:
    """As seen behind a media server with this about it."""
    return msgspec.structs.replace(SEEN, sender=sender, ingest=msgspec.structs.replace(INGEST, **more))


NOBODY = msgspec.structs.replace(SEEN, sender=None)
INGEST = IngestSeen("nginx-rtmp", True, answers=True, runs=True, is_let_in=True, since_s=60.0, fault=None)
PULLED = msgspec.structs.replace(SENDER, protocol="rtmp-pulled")
RECENT = NOW.timestamp() - 2
CASES = [
    (stream(), SEEN, 5, {"sender": "good sender.good", "control": "good control.good", "store": "good store.good",
                         "viewers": "good viewers.good"}),
    (stream(state=StreamState.offline, live_at=None), NOBODY, None, {"sender": "bad sender.never", "store": "good store.idle"}),
    (stream(state=StreamState.offline), NOBODY, 5, {"sender": "bad sender.gone"}),
    (stream(state=StreamState.offline, fault="video.h265"), NOBODY, 5, {"sender": "bad sender.refused"}),
    (stream(state=StreamState.closed), NOBODY, 5, {"sender": "warn sender.closed"}),
    (stream(), with_sender(quiet_s=None, began_at=RECENT), None, {"sender": "warn sender.begins", "store": "good store.idle"}),
    (stream(), with_sender(quiet_s=None), None, {"sender": "bad sender.no_picture"}),
    (stream(), with_sender(quiet_s=7.0), 5, {"sender": "bad sender.stalled"}),
    (stream(), with_sender(sends_stills=True), None, {"sender": "warn sender.stills", "store": "warn store.stills"}),
    (stream(), with_sender(fps=3.0), 5, {"sender": "warn sender.few_frames"}),
    (stream(), with_sender(kbps=90.0), 5, {"sender": "warn sender.thin"}),
    (stream(), with_sender(began_at=RECENT, kbps=0.0, fps=0.0), None, {"sender": "good sender.good", "store": "good store.begins"}),
    (stream(), SEEN, None, {"store": "bad store.late"}),
    (stream(), SEEN, 45, {"store": "bad store.late"}),
    (stream(is_recorded=False), SEEN, None, {"store": "good store.off"}),
    (stream(recording_fault="video.recording_disk_full"), SEEN, 5, {"store": "bad store.fault"}),
    (stream(), msgspec.structs.replace(SEEN, rights_asked_s=40.0), 5, {"control": "bad control.unanswered"}),
    (stream(), None, 5, {"sender": "unknown sender.unknown", "control": "bad control.away", "store": "unknown store.unknown",
                         "viewers": "unknown viewers.unknown"}),
    (stream(), with_viewers(), 5, {"viewers": "good viewers.none"}),
    (stream(), with_viewers(VIEWER, msgspec.structs.replace(VIEWER, waiting=200)), 5, {"viewers": "bad viewers.behind"}),
    (stream(), with_viewers(msgspec.structs.replace(VIEWER, dropped=300)), 5, {"viewers": "warn viewers.dropping"}),
    (stream(), with_viewers(msgspec.structs.replace(VIEWER, left_out=9)), 5, {"viewers": "warn viewers.left_out"}),
    (stream(), with_ingest(PULLED), 5, {"sender": "good sender.good", "ingest": "good ingest.good"}),
    (stream(), with_ingest(PULLED, answers=False, runs=False), 5, {"ingest": "warn ingest.mute"}),
    (stream(), with_ingest(None, answers=False, runs=False, is_let_in=False), 5, {"ingest": "bad ingest.away"}),
    (stream(), with_ingest(None, runs=False, is_let_in=False), 5, {"ingest": "good ingest.idle"}),
    (stream(), with_ingest(SENDER, runs=False, is_let_in=False), 5, {"ingest": "good ingest.idle"}),
    (stream(), with_ingest(None, is_let_in=False), 5, {"ingest": "bad ingest.never_asked"}),
    (stream(), with_ingest(None, since_s=1.0), 5, {"ingest": "good ingest.idle"}),
    (stream(), with_ingest(None, fault="closed"), 5, {"ingest": "bad ingest.not_pulled"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "seen", "recorded_s", "expected"), CASES)
def test_each_leg_is_found_by_what_is_known(
    said: Stream, seen: StreamSeen | None, recorded_s: float | None, expected: dict[str, str]
) -> None:
    found = codes(said, seen, recorded_s)
    assert {leg: found[leg] for leg in expected} == expected


def test_no_finding_is_without_a_case_or_words() -> None:
    every = set(re.findall(r'"((?:sender|ingest|control|store|viewers)\.[a-z_]+)"', Path(doctor.__file__).read_text()))
    shown = {code.split()[1] for said, seen, at, _ in CASES for code in codes(said, seen, at).values()}
    assert shown == every
    words = Path(doctor.__file__).parents[3] / "apps" / "office" / "streams" / "use" / "words.ts"
    assert every == set(re.findall(r'^  "([a-z_.]+)":', words.read_text(), re.M))


@given(st.builds(SenderSeen, st.text(), st.floats(allow_nan=False, allow_infinity=False), st.none() | st.text(), st.none(),
                 st.none(), st.floats(0, 1e6), st.floats(0, 100), st.none() | st.floats(0, 1e6), st.booleans()))  # fmt: skip
def test_whatever_is_told_makes_four_findings(sender: SenderSeen) -> None:
    codes(stream(), replace_sender(sender))


def replace_sender(sender: SenderSeen) -> StreamSeen:
    """As seen with another sender."""
    return msgspec.structs.replace(SEEN, sender=sender)
