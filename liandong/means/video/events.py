"""The facts the video room announces."""

from __future__ import annotations

from dataclasses import dataclass

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
