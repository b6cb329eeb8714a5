"""A stream as HLS takes it: stretches from key frame to key frame, and the parts of a fifth of a second that they grow by.

Both are made of the very fragments that viewers get. What a playlist has named stays what it was: a stretch that breaks off is
closed with the parts that it has, and numbers never go back.

Basis     RFC 8216 (HTTP Live Streaming) §3.1.2, §4.3, with fragmented MP4; its second edition (draft-pantos-hls-rfc8216bis)
          §4.4.3.7, §4.4.3.8, §4.4.4.9, §4.4.5.3, §6.2.5.2 for parts, hints and playlists that are waited for
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil

from liandong.means.channels.hub import Begin, Gone, Still, Viewer
from liandong.means.film.segments import fragment_times
from liandong.means.film.timeline import Timeline

KEPT = 6
"""Whole stretches on the shelf; a player without parts begins about three before the newest."""
IN_PARTS = 3
"""Of so many newest stretches the playlist names the parts; who is further behind wants whole ones."""
LARGEST_STRETCH = 16 * 1024 * 1024
SHORTEST_TARGET_S = 2
PART_MS = 210
"""The longest part: five frames at 25 a second, six at 30. A frame that lasts longer is a part by itself."""
HOLD_BACK_S = 3 * PART_MS / 1000
FURTHEST = 2
"""A playlist may be waited for so many stretches ahead, by the standard; whoever asks for more has lost count."""


@dataclass(frozen=True)
class Part:
    """A few frames; `is_key`: the first of them is a whole picture."""

    duration_ms: int
    is_key: bool
    data: bytes


@dataclass(eq=False)
class Stretch:
    """From one key frame up to the next. `film` numbers the initialisation segment that it follows."""

    number: int
    film: int
    follows_hole: bool
    began_at: datetime
    parts: list[Part] = field(default_factory=list)

    @property
    def duration_ms(self) -> int:
        """How long it lasts, as far as it has come."""
        return sum(part.duration_ms for part in self.parts)

    @property
    def data(self) -> bytes:
        """Its parts, joined."""
        return b"".join(part.data for part in self.parts)


class Shelf(Viewer):
    """Watches a channel as any viewer does, and keeps what whoever asks by HTTP needs."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline = timeline
        self.stretches: deque[Stretch] = deque(maxlen=KEPT)
        self.open: Stretch | None = None
        self.films: dict[int, bytes] = {}
        self.ready = asyncio.Event()
        self._grown = asyncio.Event()
        self._film = self._number = 0
        self._holes_passed = 0
        self._after_hole = False
        self._frames: list[bytes] = []
        self._frames_ms = self._open_bytes = 0
        self._begins_with_key = False

    def tell(self, item: Begin | Gone) -> None:
        """A picture begins, or nobody sends: what is on the shelf stays, and what follows is behind a hole."""
        self._break_off()
        if isinstance(item, Begin):
            self._film += 1
            self.films[self._film] = item.segment

    def show(self, still: Still) -> None:
        """HLS shows no stills; the film has a hole."""
        self._break_off()

    def offer(self, frame: bytes, is_key: bool) -> None:
        """A frame joins the open part; a key frame closes the open stretch and begins another."""
        at_ms, duration_ms = fragment_times(frame)
        if is_key:
            self._close()
            self._number += 1
            began = datetime.fromtimestamp((self._timeline.zero_ms + at_ms) / 1000, UTC)
            self.open = Stretch(self._number, self._film, self._after_hole, began)
            self._after_hole = False
        elif self.open is None:
            return
        if self._frames and self._frames_ms + duration_ms > PART_MS:
            self._end_part()
        self._begins_with_key = self._begins_with_key or is_key
        self._frames.append(frame)
        self._frames_ms += duration_ms
        self._open_bytes += len(frame)
        if self._frames_ms + duration_ms > PART_MS:  # one more such frame would be too many: nobody waits for it
            self._end_part()
        if self._open_bytes > LARGEST_STRETCH:
            self._break_off()

    @property
    def wants_key(self) -> bool:
        """Whether nothing is open."""
        return self.open is None

    @property
    def newest(self) -> tuple[int, int]:
        """The number of the stretch that grows or comes next, and how many parts it has."""
        return (self.open.number, len(self.open.parts)) if self.open else (self._number + 1, 0)

    def has(self, number: int, part: int | None) -> bool:
        """Whether the playlist names this part of this stretch; without one, the whole stretch.

        A part behind the last of its stretch is the first of the next.
        """
        growing, parts = self.newest
        if part is None or number > growing:
            return number < growing
        if number == growing:
            return part < parts
        last = self.stretches[-1]
        return parts > 0 if number == last.number and part >= len(last.parts) else True

    async def grown(self) -> None:
        """Something has come."""
        await self._grown.wait()

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
            f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={HOLD_BACK_S:.3f}",
            f"#EXT-X-PART-INF:PART-TARGET={PART_MS / 1000:.3f}",
            f"#EXT-X-MEDIA-SEQUENCE:{self.stretches[0].number}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self._holes_passed}",
        ]
        shown = [*self.stretches, *([self.open] if self.open else [])]
        film = 0
        for place, one in enumerate(shown):
            if one.follows_hole and place > 0:
                lines.append("#EXT-X-DISCONTINUITY")
            if one.film != film:
                film = one.film
                lines.append(f'#EXT-X-MAP:URI="film{film}.mp4"')
            lines += self._lines_of(one, names_parts=place >= len(shown) - 1 - IN_PARTS)
        if self.open is not None:
            lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{_name(*self.newest)}"')
        return "\n".join([*lines, ""])

    def _lines_of(self, one: Stretch, *, names_parts: bool) -> list[str]:
        at = one.began_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines = [f"#EXT-X-PROGRAM-DATE-TIME:{at}"]
        for place, part in enumerate(one.parts if names_parts else []):
            whole = ",INDEPENDENT=YES" if part.is_key else ""
            name = _name(one.number, place)
            lines.append(f'#EXT-X-PART:DURATION={part.duration_ms / 1000:.3f},URI="{name}"{whole}')
        if one is not self.open:
            lines += [f"#EXTINF:{one.duration_ms / 1000:.3f},", f"{one.number}.m4s"]
        return lines

    def part(self, name: str) -> bytes | None:
        """An initialisation segment, a stretch or a part by the name that the playlist gives it."""
        if name.startswith("film"):
            return next((data for film, data in self.films.items() if name == f"film{film}.mp4"), None)
        number, _, place = name.removesuffix(".m4s").partition(".")
        for one in (*self.stretches, *([self.open] if self.open else [])):
            if str(one.number) != number:
                continue
            if not place:
                return one.data if one is not self.open else None
            return next((part.data for at, part in enumerate(one.parts) if name == _name(number, at)), None)
        return None

    def is_hinted(self, name: str) -> bool:
        """Whether the playlist says that this part comes next."""
        return self.open is not None and name == _name(*self.newest)

    def _end_part(self) -> None:
        if self.open is None or not self._frames:
            return
        self.open.parts.append(Part(self._frames_ms, self._begins_with_key, b"".join(self._frames)))
        self._frames, self._frames_ms, self._begins_with_key = [], 0, False
        self._tell()

    def _close(self) -> None:
        self._end_part()
        if self.open is None:
            return
        if len(self.stretches) == KEPT and self.stretches[1].follows_hole:
            self._holes_passed += 1
        self.stretches.append(self.open)
        self.open, self._open_bytes = None, 0
        needed = {one.film for one in self.stretches} | {self._film}
        self.films = {film: data for film, data in self.films.items() if film in needed}
        self.ready.set()
        self._tell()

    def _break_off(self) -> None:
        self._close()
        self._after_hole = self._number > 0

    def _tell(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()


def _name(number: int | str, place: int) -> str:
    return f"{number}.{place}.m4s"
