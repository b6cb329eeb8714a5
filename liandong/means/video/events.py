"""The facts the video room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class StreamRegistered(Fact):
    """A stream exists and may be sent."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class StreamWentLive(Fact):
    """A picture comes in, of this codec and size in pixels."""

    codec: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class StreamWentOffline(Fact):
    """No picture comes in any more."""


@dataclass(frozen=True, kw_only=True)
class StreamClosed(Fact):
    """Nobody sends or watches this stream any more, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ClipFiled(Fact):
    """A part of a recording was sealed as evidence; `segments` are the digests of what it was made from, in order."""

    evidence_id: UUID
    sha256: str
    began_at: datetime
    ended_at: datetime
    segments: list[str]


@dataclass(frozen=True, kw_only=True)
class SnapshotFiled(Fact):
    """A picture that somebody saw was sealed as evidence; it was shown at `shown_at` by the clock of the picture."""

    evidence_id: UUID
    sha256: str
    shown_at: datetime
