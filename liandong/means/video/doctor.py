"""Which leg of a stream fails (视频诊断): sender → (media server →) relay → server → store, and relay → viewers. Only from what is known.

Each leg has one finding: its level, a code that a face puts into words with what to do, and the figures behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from liandong.means.video.looks import IngestSeen, SenderSeen, StreamSeen, ViewerSeen
from liandong.means.video.states import StreamState
from liandong.means.video.tables import Stream

Leg = Literal["sender", "ingest", "control", "store", "viewers"]
Level = Literal["good", "warn", "bad", "unknown"]
Figures = dict[str, float | int | str | None]

QUIET_S = 3.0
NO_PICTURE_S = 5.0
FEW_FRAMES = 8.0
THIN_KBPS = 150.0
RIGHTS_ASKED_S = 25.0
"""The relay asks every ten seconds."""
RECORDED_WITHIN = timedelta(seconds=30)
"""A segment is full after some seconds, and longer where the sender gives key frames seldom."""
PULLED_WITHIN_S = 3.0
MANY_WAIT = 75
"""Frames that wait for a viewer: three seconds of film."""
MUCH_DROPPED = 0.2


@dataclass(frozen=True)
class Finding:
    """What is found on one leg."""

    leg: Leg
    level: Level
    code: str
    figures: Figures = field(default_factory=dict)


def diagnose(
    stream: Stream, seen: StreamSeen | None, *, recorded_until: datetime | None, now: datetime
) -> list[Finding]:
    """One finding a leg, in the order of the legs; `seen` is None when the media server does not answer."""
    if seen is None:
        return [
            Finding("sender", "unknown", "sender.unknown", _fault(stream)),
            Finding("control", "bad", "control.away"),
            _store_without(stream),
            Finding("viewers", "unknown", "viewers.unknown"),
        ]
    return [
        _sender(stream, seen.sender, now),
        *([_ingest(seen.ingest, seen.sender)] if seen.ingest else []),
        _control(seen),
        _store(stream, seen, recorded_until, now),
        _viewers(seen.viewers),
    ]


def _fault(stream: Stream) -> Figures:
    return {"fault": stream.fault} if stream.fault else {}


def _sender(stream: Stream, sender: SenderSeen | None, now: datetime) -> Finding:
    if sender is None:
        return _nobody(stream)
    figures: Figures = {
        "protocol": sender.protocol,
        "codec": sender.codec,
        "width": sender.width,
        "height": sender.height,
        "kbps": sender.kbps,
        "fps": sender.fps,
        "since_s": round(max(0.0, now.timestamp() - sender.began_at)),
        "quiet_s": sender.quiet_s,
    }
    level, code = _level_of(sender, now)
    return Finding("sender", level, code, figures)


def _level_of(sender: SenderSeen, now: datetime) -> tuple[Level, str]:
    sent_s = now.timestamp() - sender.began_at
    if sender.quiet_s is None:
        return ("warn", "sender.begins") if sent_s < NO_PICTURE_S else ("bad", "sender.no_picture")
    if sender.sends_stills:
        return "warn", "sender.stills"
    if sender.quiet_s > QUIET_S:
        return "bad", "sender.stalled"
    if sent_s > 2 * NO_PICTURE_S and sender.fps < FEW_FRAMES:
        return "warn", "sender.few_frames"
    if sent_s > 2 * NO_PICTURE_S and sender.kbps < THIN_KBPS:
        return "warn", "sender.thin"
    return "good", "sender.good"


def _nobody(stream: Stream) -> Finding:
    if stream.state == StreamState.closed:
        return Finding("sender", "warn", "sender.closed")
    if stream.fault:
        return Finding("sender", "bad", "sender.refused", _fault(stream))
    if stream.live_at is None:
        return Finding("sender", "bad", "sender.never")
    return Finding("sender", "bad", "sender.gone")


def _ingest(ingest: IngestSeen, sender: SenderSeen | None) -> Finding:
    """The media server that stands between the sender and the relay, where there is one."""
    figures: Figures = {"server": ingest.server, "is_untried": int(not ingest.is_tried), "word": ingest.fault}
    is_pulled = sender is not None and sender.protocol == "rtmp-pulled"
    if not ingest.answers:
        # a picture may well pass while the server's own interface is shut
        return Finding("ingest", "warn" if is_pulled else "bad", "ingest.mute" if is_pulled else "ingest.away", figures)
    if ingest.runs and not ingest.is_let_in:
        return Finding("ingest", "bad", "ingest.never_asked", figures)
    if ingest.is_let_in and not is_pulled and (ingest.since_s or 0) > PULLED_WITHIN_S:
        return Finding("ingest", "bad", "ingest.not_pulled", figures)
    return Finding("ingest", "good", "ingest.good" if is_pulled else "ingest.idle", figures)


def _control(seen: StreamSeen) -> Finding:
    figures: Figures = {"asked_s": seen.rights_asked_s}
    if seen.rights_asked_s > RIGHTS_ASKED_S:
        return Finding("control", "bad", "control.unanswered", figures)
    return Finding("control", "good", "control.good", figures)


def _store_without(stream: Stream) -> Finding:
    if not stream.is_recorded:
        return Finding("store", "good", "store.off")
    return Finding("store", "unknown", "store.unknown")


def _store(stream: Stream, seen: StreamSeen, recorded_until: datetime | None, now: datetime) -> Finding:
    figures: Figures = {"waiting_bytes": seen.waiting_bytes}
    if not stream.is_recorded:
        return Finding("store", "good", "store.off")
    if stream.recording_fault:
        return Finding("store", "bad", "store.fault", {**figures, "fault": stream.recording_fault})
    if seen.sender is None or seen.sender.quiet_s is None:
        return Finding("store", "good", "store.idle", figures)
    level, code = _level_of_store(seen.sender, figures, recorded_until, now)
    return Finding("store", level, code, figures)


def _level_of_store(
    sender: SenderSeen, figures: Figures, recorded_until: datetime | None, now: datetime
) -> tuple[Level, str]:
    if sender.sends_stills:
        return "warn", "store.stills"
    behind = None if recorded_until is None else (now - recorded_until).total_seconds()
    figures["behind_s"] = None if behind is None else round(behind)
    if behind is not None and behind <= RECORDED_WITHIN.total_seconds():
        return "good", "store.good"
    if now.timestamp() - sender.began_at <= RECORDED_WITHIN.total_seconds():
        return "good", "store.begins"
    return "bad", "store.late"


def _viewers(viewers: list[ViewerSeen]) -> Finding:
    figures: Figures = {
        "viewers": len(viewers),
        "hls": sum(one.protocol == "hls" for one in viewers),
        "left_out": sum(one.left_out for one in viewers),
        "behind": sum(one.waiting > MANY_WAIT for one in viewers),
        "dropping": sum(_drops_much(one) for one in viewers),
    }
    if not viewers:
        return Finding("viewers", "good", "viewers.none", figures)
    if figures["behind"]:
        return Finding("viewers", "bad", "viewers.behind", figures)
    if figures["dropping"]:
        return Finding("viewers", "warn", "viewers.dropping", figures)
    if figures["left_out"]:
        return Finding("viewers", "warn", "viewers.left_out", figures)
    return Finding("viewers", "good", "viewers.good", figures)


def _drops_much(one: ViewerSeen) -> bool:
    return bool(one.shown) and (one.dropped or 0) > MUCH_DROPPED * (one.shown or 0)
