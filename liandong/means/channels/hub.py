"""The hub: what comes in for a stream goes to everybody who watches it, each at their own pace and none at another's cost.

A viewer who cannot keep up loses frames up to the next key frame and goes on from there; nobody waits for them. A new
viewer begins with the frames since the last key frame, so that there is a picture at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from liandong.means.channels.recorder import Recorder
from liandong.means.film.flv import Holds, VideoTag
from liandong.means.film.fmp4 import initialisation
from liandong.means.film.h264 import Configuration, check_frame, read_configuration
from liandong.means.film.meter import Meter
from liandong.means.film.packets import StillPicture
from liandong.means.film.refusals import PICTURE, Unusable
from liandong.means.film.segments import Sample, fragment
from liandong.means.film.timeline import Timeline

LONGEST_QUEUE = 300
"""Frames that wait for one viewer: twelve seconds at 25 a second."""
KEY_SECONDS = 1.0
LONGEST_GROUP, LARGEST_GROUP = 250, 8 * 1024 * 1024
"""Frames and bytes kept since the last key frame; behind a sender with fewer of them a new viewer waits for the next."""


@dataclass(frozen=True)
class Begin:
    """A picture begins, or begins anew with another size or codec."""

    configuration: Configuration
    segment: bytes


@dataclass(frozen=True)
class Gone:
    """Nobody sends any more; the viewer may wait."""


@dataclass(frozen=True)
class Still:
    """A picture by itself, from a sender whose link is too thin for film; taken at `taken_ms` (ms since 1970)."""

    picture: StillPicture
    taken_ms: float


Item = Begin | Gone | Still | bytes


class Viewer:
    """Whoever watches one stream: what waits for them, and how many frames they lost."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Item, bool]] = deque()
        self._something = asyncio.Event()
        self._lost_the_thread = False
        self.dropped = 0

    def tell(self, item: Begin | Gone) -> None:
        """Something the viewer must hear; frames of before are of no use after it."""
        self._waiting.clear()
        self._lost_the_thread = isinstance(item, Begin)
        self._put(item, False)

    def show(self, still: Still) -> None:
        """A picture by itself; of those that wait only the newest is of use, and film goes on at a key frame."""
        self._waiting = deque(one for one in self._waiting if isinstance(one[0], Begin))
        self._lost_the_thread = True
        self._put(still, False)

    @property
    def wants_key(self) -> bool:
        """Whether nothing can be shown to this viewer before the next key frame."""
        return self._lost_the_thread

    @property
    def behind(self) -> int:
        """How many things wait for this viewer."""
        return len(self._waiting)

    def offer(self, frame: bytes, is_key: bool) -> None:
        """A frame, if the viewer keeps up; if not, the next key frame is where they go on."""
        if self._lost_the_thread and not is_key:
            self.dropped += 1
            return
        if len(self._waiting) >= LONGEST_QUEUE:
            said = [waiting for waiting in self._waiting if not isinstance(waiting[0], bytes)]
            self.dropped += len(self._waiting) - len(said)
            self._waiting = deque(said)
            if not is_key:
                self._lost_the_thread = True
                self.dropped += 1
                return
        self._lost_the_thread = False
        self._put(frame, is_key)

    def _put(self, item: Item, is_key: bool) -> None:
        self._waiting.append((item, is_key))
        self._something.set()

    async def take(self) -> Item:
        """The next thing that waits for this viewer."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        return self._waiting.popleft()[0]


AnyViewer = TypeVar("AnyViewer", bound=Viewer)


@dataclass(eq=False)
class Session:
    """One sender of a stream, from the first byte to the last. `end` cuts it off; `ask_key` asks it for a key frame."""

    stream_id: UUID
    end: Callable[[str], None]
    ask_key: Callable[[], None] = lambda: None
    protocol: str = "rtmp"
    meter: Meter = field(default_factory=Meter)
    began_at: float = field(default_factory=time.time)
    key_asked_at: float = 0.0


@dataclass(eq=False)
class Channel:
    """One stream in this relay: who sends it now, who watches, and what a new viewer begins with."""

    stream_id: UUID
    timeline: Timeline = field(default_factory=Timeline)
    session: Session | None = None
    begin: Begin | None = None
    recorder: Recorder | None = None
    still: Still | None = None
    viewers: set[Viewer] = field(default_factory=set)
    frames: int = 0
    newest_ms: int = 0
    _group: list[bytes] = field(default_factory=list)
    _group_bytes: int = 0
    _is_shown: bool = False

    def open(self, session: Session, recorder: Recorder | None = None) -> None:
        """This sender sends from now on; one that did before is cut off, because an encoder that dials again is newer.

        With a recorder it is recorded.
        """
        if self.session is not None:
            self.session.end("replaced")
        self._start_over()
        self.session, self.recorder = session, recorder

    def close(self, session: Session) -> bool:
        """This sender has gone. False if another one sends already."""
        if self.session is not session:
            return False
        self._start_over()
        self.session = self.begin = self.recorder = self.still = None
        for viewer in self.viewers:
            viewer.tell(Gone())
        return True

    def take(self, tag: VideoTag, sent_ms: int) -> bool:
        """A video tag goes out to everybody. Whether it is the first frame of a picture.

        Raises    Unusable
        """
        if tag.holds is Holds.configuration:
            self._configure(read_configuration(tag.data))
            return False
        if tag.holds is Holds.end or not tag.data:
            return False
        if self.begin is None:
            raise Unusable(PICTURE, "a frame came before the configuration")
        is_key = check_frame(tag.data, self.begin.configuration.length_size)
        if not is_key and not self._is_shown:
            return False  # nothing to build upon: the first picture is a whole one
        at_ms, duration_ms = self.timeline.place(sent_ms)
        self.frames, self.newest_ms = self.frames + 1, at_ms
        if self.session is not None:
            self.session.meter.add(len(tag.data))
        sample = Sample(at_ms, duration_ms, tag.offset_ms, is_key, tag.data)
        if self.recorder is not None:
            self.recorder.take(self.begin.segment, sample, self.timeline.zero_ms)
        frame = fragment(self.frames, at_ms, [sample])
        self._keep(frame, is_key)
        for viewer in self.viewers:
            viewer.offer(frame, is_key)
        self._ask_key_for(self.viewers)
        is_first, self._is_shown, self.still = not self._is_shown, True, None
        return is_first

    def take_still(self, still: Still) -> bool:
        """A picture by itself goes out to everybody; whether it is the first after film or nothing.

        Film that follows does not join what was before: nobody saw what lies between.
        """
        is_first = self.still is None
        if self._is_shown:
            self._start_over()
        self.still = still
        if self.session is not None:
            self.session.meter.add(len(still.picture.jpeg))
        for viewer in self.viewers:
            viewer.show(still)
        return is_first

    def ask_key(self) -> None:
        """Whoever sends hears that somebody needs a key frame to go on, once a second at the most."""
        if self.session is not None and time.monotonic() - self.session.key_asked_at >= KEY_SECONDS:
            self.session.key_asked_at = time.monotonic()
            self.session.ask_key()

    def _ask_key_for(self, viewers: Iterable[Viewer]) -> None:
        if any(viewer.wants_key for viewer in viewers):
            self.ask_key()

    def join(self) -> Viewer:
        """A new viewer, with everything since the last key frame waiting."""
        return self.admit(Viewer())

    def admit(self, viewer: AnyViewer) -> AnyViewer:
        """This viewer watches from now on, with everything since the last key frame waiting."""
        self.viewers.add(viewer)
        viewer.tell(self.begin if self.begin is not None else Gone())
        for index, frame in enumerate(self._group):
            viewer.offer(frame, index == 0)
        if self.still is not None:
            viewer.show(self.still)
        elif self.begin is not None:
            self._ask_key_for([viewer])
        return viewer

    def _configure(self, configuration: Configuration) -> None:
        if self.begin is not None and self.begin.configuration == configuration:
            return  # many encoders send it again with every key frame
        self.begin = Begin(configuration, initialisation(configuration))
        self._start_over()
        for viewer in self.viewers:
            viewer.tell(self.begin)

    def _keep(self, frame: bytes, is_key: bool) -> None:
        if is_key:
            self._forget_group()
        elif not self._group:
            return  # it grew too long; the next key frame begins another
        self._group.append(frame)
        self._group_bytes += len(frame)
        if len(self._group) > LONGEST_GROUP or self._group_bytes > LARGEST_GROUP:
            self._forget_group()

    def _start_over(self) -> None:
        self._forget_group()
        self._is_shown = False
        self.timeline.restart()
        if self.recorder is not None:
            self.recorder.end()

    def _forget_group(self) -> None:
        self._group.clear()
        self._group_bytes = 0


class Hub:
    """Every stream of this relay."""

    def __init__(self) -> None:
        self._channels: dict[UUID, Channel] = {}

    def channel(self, stream_id: UUID) -> Channel:
        """The channel of a stream, made when somebody first sends or watches it."""
        return self._channels.setdefault(stream_id, Channel(stream_id))

    def find(self, stream_id: UUID) -> Channel | None:
        """The channel of a stream, if somebody sends or watches it."""
        return self._channels.get(stream_id)

    def leave(self, channel: Channel, viewer: Viewer) -> None:
        """This viewer watches no more; a channel that nobody uses is gone."""
        channel.viewers.discard(viewer)
        self.tidy(channel)

    def tidy(self, channel: Channel) -> None:
        """A channel that nobody sends or watches is forgotten."""
        if channel.session is None and not channel.viewers:
            self._channels.pop(channel.stream_id, None)

    @property
    def live(self) -> int:
        """How many streams are sent now."""
        return sum(channel.session is not None for channel in self._channels.values())

    @property
    def viewers(self) -> int:
        """How many look at a stream now, each as often as they look."""
        return sum(len(channel.viewers) for channel in self._channels.values())
