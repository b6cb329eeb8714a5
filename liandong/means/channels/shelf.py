"""A stream as HLS takes it: the last few stretches from key frame to key frame, made of the very fragments that viewers get.

Basis     RFC 8216 (HTTP Live Streaming) §3.1.2, §4.3, with fragmented MP4
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from liandong.means.channels.hub import Begin, Gone, Still, Viewer
from liandong.means.film.segments import decode_time
from liandong.means.film.timeline import Timeline

KEPT = 6
"""Stretches on the shelf; a player begins about three before the newest."""
LARGEST_STRETCH = 16 * 1024 * 1024
SHORTEST_TARGET_S = 2


@dataclass(frozen=True)
class Stretch:
    """From one key frame up to the next. `film` numbers the initialisation segment that it follows."""

    number: int
    film: int
    follows_hole: bool
    began_at: datetime
    duration_ms: int
    data: bytes


class Shelf(Viewer):
    """Watches a channel as any viewer does, and keeps what whoever asks by HTTP needs."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline = timeline
        self.stretches: deque[Stretch] = deque(maxlen=KEPT)
        self.films: dict[int, bytes] = {}
        self.ready = asyncio.Event()
        self._film = self._number = 0
        self._holes_passed = 0
        self._after_hole = False
        self._open: list[bytes] = []
        self._open_bytes = 0
        self._began_ms = 0

    def tell(self, item: Begin | Gone) -> None:
        """A picture begins, or nobody sends: what is on the shelf stays, what was open is dropped."""
        self._break_off()
        if isinstance(item, Begin):
            self._film += 1
            self.films[self._film] = item.segment

    def show(self, still: Still) -> None:
        """HLS shows no stills; the film has a hole."""
        self._break_off()

    def offer(self, frame: bytes, is_key: bool) -> None:
        """A frame joins the open stretch; a key frame closes it and begins another."""
        if is_key:
            at_ms = decode_time(frame)
            self._close(at_ms)
            self._began_ms = at_ms
        elif not self._open:
            return
        self._open.append(frame)
        self._open_bytes += len(frame)
        if self._open_bytes > LARGEST_STRETCH:
            self._break_off()

    @property
    def wants_key(self) -> bool:
        """Whether nothing is open."""
        return not self._open

    def playlist(self) -> str:
        """The media playlist as it is now; empty while there is no whole stretch."""
        if not self.stretches:
            return ""
        longest = max(one.duration_ms for one in self.stretches)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f"#EXT-X-TARGETDURATION:{max(SHORTEST_TARGET_S, ceil(longest / 1000))}",
            f"#EXT-X-MEDIA-SEQUENCE:{self.stretches[0].number}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self._holes_passed}",
        ]
        film = 0
        for place, one in enumerate(self.stretches):
            if one.follows_hole and place > 0:
                lines.append("#EXT-X-DISCONTINUITY")
            if one.film != film:
                film = one.film
                lines.append(f'#EXT-X-MAP:URI="film{film}.mp4"')
            at = one.began_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            lines += [f"#EXT-X-PROGRAM-DATE-TIME:{at}", f"#EXTINF:{one.duration_ms / 1000:.3f},", f"{one.number}.m4s"]
        return "\n".join([*lines, ""])

    def part(self, name: str) -> bytes | None:
        """An initialisation segment or a stretch by the name that the playlist gives it."""
        if name.startswith("film"):
            return next((data for film, data in self.films.items() if name == f"film{film}.mp4"), None)
        return next((one.data for one in self.stretches if name == f"{one.number}.m4s"), None)

    def _close(self, until_ms: int) -> None:
        if not self._open:
            return
        began = datetime.fromtimestamp((self._timeline.zero_ms + self._began_ms) / 1000, UTC)
        if len(self.stretches) == KEPT and self.stretches[1].follows_hole:
            self._holes_passed += 1
        self._number += 1
        stretch = Stretch(
            self._number, self._film, self._after_hole, began, max(1, until_ms - self._began_ms), b"".join(self._open)
        )
        self.stretches.append(stretch)
        self._open, self._open_bytes, self._after_hole = [], 0, False
        needed = {one.film for one in self.stretches} | {self._film}
        self.films = {film: data for film, data in self.films.items() if film in needed}
        self.ready.set()

    def _break_off(self) -> None:
        self._open, self._open_bytes = [], 0
        self._after_hole = self._number > 0
