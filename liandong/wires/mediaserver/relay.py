"""What all connections of one relay share, and the round that asks again whether each may go on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import Refused
from liandong.kernel.settings import settings
from liandong.means.channels.hub import Channel, Hub, Session, Viewer
from liandong.means.channels.recorder import Recorder
from liandong.means.film.refusals import Counts
from liandong.means.video.reports import Picture
from liandong.wires.mediaserver.archive import Archive
from liandong.wires.mediaserver.doors import Admitted, Doors, Look

if TYPE_CHECKING:
    from liandong.wires.mediaserver.pulls import Pulls

log = logging.getLogger(__name__)

ROUND_SECONDS = 10.0
"""How often everybody is asked again: whoever lost the right is out within twice this, as the video room promises."""
MOST_UNANSWERED = 2
"""Rounds without an answer from the database after which nobody's right is certain any more and all are out."""
UNANSWERED = "unanswered"
STILLS = "jpeg"
"""What stands for the codec while a sender sends stills."""
GRACE_SECONDS = 5.0
"""A sender that dials again within these was never away, for the record."""


@dataclass(eq=False)
class Sending:
    """A sender that was let in, and with what."""

    session: Session
    let_in: Admitted
    picture: Picture | None = None


@dataclass(eq=False)
class Watching:
    """A viewer that was let in. `end` cuts them off; `shown` and `dropped` are frames as their browser counts them."""

    look: Look
    end: Callable[[], None]
    channel: Channel
    protocol: str = "ws-fmp4"
    viewer: Viewer | None = None
    shown: int | None = None
    dropped: int | None = None
    began_at: float = field(default_factory=time.time)
    is_gone: bool = False


class Relay:
    """One relay: its hub, its doors, its counts, and everybody who was let in."""

    def __init__(self, doors: Doors) -> None:
        self.hub, self.doors, self.counts = Hub(), doors, Counts()
        self.archive = Archive(doors, self.errand)
        self.sending: set[Sending] = set()
        self.watching: set[Watching] = set()
        self.pulls: Pulls | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._unanswered = 0
        self.answered_at = time.monotonic()

    def errand(self, work: Coroutine[Any, Any, None]) -> None:
        """Done beside the pictures, which never wait for the database; one that cannot be reached is asked in the round."""
        task = asyncio.create_task(_patiently(work))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def recorder(self, stream_id: UUID) -> Recorder:
        """Whoever sends this stream is recorded by it."""
        return Recorder(stream_id, self.archive.offer, self.archive.lose)

    def require_room_to_watch(self) -> None:
        """One more may watch.

        Raises    video.relay_full
        """
        if len(self.watching) >= settings().max_viewers:
            raise Refused("video.relay_full")

    def require_room_to_send(self) -> None:
        """One more may send by a browser.

        Raises    video.relay_full
        """
        if len(self.sending) >= settings().max_publishers:
            raise Refused("video.relay_full")

    async def welcome(self, session: Session, ticket: str) -> tuple[Sending, Channel]:
        """This sender sends its stream from now on.

        Raises    video.ticket_invalid, video.ticket_expired
        """
        return self.begin(session, await self.doors.admit_sender(session.stream_id, ticket))

    def begin(self, session: Session, let_in: Admitted) -> tuple[Sending, Channel]:
        """This sender, who was let in, sends its stream from now on."""
        channel, sending = self.hub.channel(session.stream_id), Sending(session, let_in)
        channel.open(session, self.recorder(session.stream_id) if let_in.is_recorded else None)
        self.sending.add(sending)
        return sending, channel

    def leave(self, sending: Sending, channel: Channel) -> None:
        """This sender has gone."""
        self.sending.discard(sending)
        if channel.close(sending.session):
            self.went_away(channel)

    def went_live(self, sending: Sending, channel: Channel) -> None:
        """It will be on record that this stream is live."""
        if channel.still is not None:
            sending.picture = Picture(STILLS, channel.still.picture.width, channel.still.picture.height)
        else:
            assert channel.begin is not None
            shown = channel.begin.configuration
            sending.picture = Picture(shown.codec, shown.width, shown.height)
        self.errand(self.doors.went_live(channel.stream_id, sending.picture))

    def went_away(self, channel: Channel) -> None:
        """Unless somebody sends it again soon, it will be on record that the stream is offline."""
        self.errand(self._offline_later(channel.stream_id))
        self.hub.tidy(channel)

    async def _offline_later(self, stream_id: UUID) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        channel = self.hub.channel(stream_id)
        if channel.session is None:
            await self.doors.went_offline(stream_id)
        self.hub.tidy(channel)

    async def rounds(self) -> None:
        """Everybody is asked again, until cancelled."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.ask_again()
                self._unanswered, self.answered_at = 0, time.monotonic()
            except OUT_OF_REACH as error:
                self._unanswered += 1
                log.warning("database out of reach, nobody could be asked again: %s", error)
                if self._unanswered > MOST_UNANSWERED:
                    self._end_all()

    async def ask_again(self) -> None:
        """Whoever may no longer send or watch is cut off; it is on record that the others go on."""
        self.doors.forget_tickets(time.time())
        if self.pulls is not None:
            await self.pulls.compare()
        for sending in list(self.sending):
            if not await self.doors.may_send(sending.session.stream_id, sending.let_in):
                sending.session.end("revoked")
            elif sending.picture is not None:
                await self.doors.went_live(sending.session.stream_id, sending.picture)
        for watching in list(self.watching):
            if not await self.doors.may_watch(watching.look):
                watching.end()
        still = [watching.look for watching in self.watching if not watching.is_gone]
        if still:
            await self.doors.still_watching(still)

    def _end_all(self) -> None:
        for sending in list(self.sending):
            sending.session.end(UNANSWERED)
        for watching in list(self.watching):
            watching.end()

    async def finish(self) -> None:
        """Everybody is out."""
        if self.pulls is not None:
            await self.pulls.finish()
        self._end_all()
        for _ in range(50):
            if not self.sending and not self.watching:
                break
            await asyncio.sleep(0.02)

    async def settle(self) -> None:
        """What was to be put on record is there; what waits for a sender to come back does not wait any more."""
        if self._errands:
            _, late = await asyncio.wait(self._errands, timeout=1)
            for task in late:
                task.cancel()


def stream_id_in(text: str) -> UUID:
    """The stream that an address names.

    Raises    video.ticket_invalid
    """
    try:
        return UUID(text)
    except ValueError:
        raise Refused("video.ticket_invalid") from None


async def _patiently(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except OUT_OF_REACH as error:
        log.warning("database out of reach: %s", error)
