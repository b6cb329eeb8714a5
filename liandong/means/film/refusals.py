"""Why input was turned away, and how often: one word for logs and counters, one error code for people."""

from __future__ import annotations

from collections import Counter


class Unusable(Exception):
    """What arrived cannot be used. `code` is an error code of the house, `why` one short English clause for the log."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


class Counts:
    """What this relay turned away since it started, by error code."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()

    def count(self, code: str) -> None:
        """One more was turned away for this reason."""
        self.refused[code] += 1


PROTOCOL, PICTURE = "video.protocol_broken", "video.picture_broken"
H265, UNKNOWN_CODEC = "video.h265", "video.codec_unknown"
"""The error codes that a sender's bytes can lead to."""
