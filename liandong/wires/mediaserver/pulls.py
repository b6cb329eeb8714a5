"""Streams that another media server takes in: it asks here who may send, and what was let in is pulled from it.

From the pull on they are streams as any other: same doors, looks, recordings. A pull that breaks is tried again for a while;
a sender who was let in is asked about like any other, and cut off at that server when it may no longer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import Refused
from liandong.kernel.settings import settings
from liandong.means.channels.hub import Channel, Session
from liandong.means.film.chunks import VIDEO
from liandong.means.film.flv import read_video
from liandong.means.film.refusals import Unusable
from liandong.means.ingest.choice import pulled_at
from liandong.means.ingest.pull import Pull, PullRefused, pulled
from liandong.means.ingest.server import IngestServer
from liandong.means.video import tickets
from liandong.means.video.looks import IngestSeen
from liandong.wires.mediaserver.doors import Admitted
from liandong.wires.mediaserver.relay import UNANSWERED, Relay, Sending, stream_id_in

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS, GIVE_UP_SECONDS = 0.25, 10.0
PULL_SECONDS = 30
"""How long a ticket to pull is good: the server asks at once."""


@dataclass(eq=False)
class Taken:
    """A stream that the media server has and that was let in. `fault` is why it cannot be pulled now."""

    stream_id: UUID
    let_in: Admitted
    client: str
    task: asyncio.Task[None] | None = None
    fault: str | None = None
    began_at: float = field(default_factory=time.monotonic)
    picture_at: float | None = None


class Pulls:
    """Everything that is pulled from one media server."""

    def __init__(self, relay: Relay, server: IngestServer) -> None:
        self._relay, self.server = relay, server
        self._taken: dict[UUID, Taken] = {}

    async def publish(self, stream: str, ticket: str, client: str) -> None:
        """The media server may take this stream in: it is pulled from now on. One that was sent before has gone.

        Raises    video.ticket_invalid, video.ticket_expired, video.relay_full
        """
        stream_id = stream_id_in(stream)
        let_in = await self._relay.doors.admit_sender(stream_id, ticket)
        if stream_id in self._taken:
            await self.server.stop(stream)  # an encoder that dials again is newer
            self._drop(stream_id)
        elif len(self._taken) >= settings().max_publishers:
            raise Refused("video.relay_full")
        taken = self._taken[stream_id] = Taken(stream_id, let_in, client)
        taken.task = asyncio.create_task(self._keep_pulling(taken))

    async def goes_on(self, stream: str, ticket: str, client: str) -> None:
        """The sender may go on; one that this relay does not know, because it was started anew, is asked for its ticket.

        Raises    as `publish`
        """
        if stream_id_in(stream) not in self._taken:
            await self.publish(stream, ticket, client)

    def play(self, stream: str, ticket: str) -> None:
        """Whoever wants to play it there is this relay: nobody else watches at the media server.

        Raises    video.ticket_invalid, video.ticket_expired
        """
        tickets.check(ticket, str(stream_id_in(stream)), "pull")

    def plays_on(self, stream: str) -> None:
        """The same, while it plays; its ticket may have expired by now.

        Raises    video.ticket_invalid
        """
        if stream_id_in(stream) not in self._taken:
            raise Refused("video.ticket_invalid")

    def left(self, stream: str, client: str) -> None:
        """The media server says that this sender has gone; one that has taken its place since then sends on."""
        taken = self._taken.get(stream_id := stream_id_in(stream))
        if taken is not None and taken.client == client:
            self._drop(stream_id)

    async def look(self, stream_id: UUID) -> IngestSeen:
        """How this stream stands with the media server now."""
        running, taken = await self.server.running(), self._taken.get(stream_id)
        return IngestSeen(
            server=self.server.title,
            is_tried=self.server.is_tried,
            answers=running is not None,
            runs=running is not None and str(stream_id) in running,
            is_let_in=taken is not None,
            since_s=round(time.monotonic() - taken.began_at, 1) if taken else None,
            fault=taken.fault if taken else None,
        )

    async def compare(self) -> None:
        """What the media server has and never asked about, or asked an earlier relay about, is stopped there.

        One that asks again by itself needs no hand: it hears no, or is taken in anew.
        """
        if self.server.asks_again or (running := await self.server.running()) is None:
            return
        for stream in running - {str(stream_id) for stream_id in self._taken}:
            log.warning("the media server has a stream that nobody let in; it is stopped there: %s", stream)
            await self.server.stop(stream)

    async def finish(self) -> None:
        """Nothing is pulled any more. The media server keeps its senders: the next relay is asked about them."""
        tasks = [taken.task for taken in self._taken.values() if taken.task is not None]
        for stream_id in list(self._taken):
            self._drop(stream_id)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drop(self, stream_id: UUID) -> None:
        taken = self._taken.pop(stream_id, None)
        if taken is not None and taken.task is not None and taken.task is not asyncio.current_task():
            taken.task.cancel()

    async def _keep_pulling(self, taken: Taken) -> None:
        given_up_at = time.monotonic() + GIVE_UP_SECONDS
        try:
            while time.monotonic() < given_up_at:
                began_at = taken.picture_at
                await self._pull(taken)
                if taken.picture_at != began_at:
                    given_up_at = time.monotonic() + GIVE_UP_SECONDS
                await asyncio.sleep(TRY_AGAIN_SECONDS)  # it may not have what it was just allowed to take
                if not await self._relay.doors.may_send(taken.stream_id, taken.let_in):
                    break
            log.info("stream %s is pulled no more: %s", taken.stream_id, taken.fault)
        except Unusable as error:
            self._relay.counts.count(error.code)
            await self._end(taken, error.code)
        except OUT_OF_REACH as error:
            log.warning("whether a stream may go on could not be asked: %s", error)
        finally:
            if self._taken.get(taken.stream_id) is taken:
                del self._taken[taken.stream_id]

    async def _pull(self, taken: Taken) -> None:
        """One connection to the media server, until it ends; why it did stands in `fault`."""
        stream = str(taken.stream_id)
        ticket, _ = tickets.make(stream, "pull", taken.stream_id, seconds=PULL_SECONDS)
        try:
            async with pulled(pulled_at(), stream, ticket) as pull:
                await self._take(taken, pull)
            taken.fault = "closed"
        except PullRefused as error:
            taken.fault = error.why
        except (OSError, TimeoutError) as error:
            taken.fault = type(error).__name__

    async def _take(self, taken: Taken, pull: Pull) -> None:
        sending: Sending | None = None
        channel: Channel | None = None
        try:
            async for message in pull.messages():
                if message.kind != VIDEO:
                    continue
                if sending is None or channel is None:
                    sending, channel = self._open(taken)
                tag = read_video(message.body)
                if tag is not None and channel.take(tag, message.time_ms):
                    self._relay.went_live(sending, channel)
                taken.fault, taken.picture_at = None, time.monotonic()
        finally:
            if sending is not None and channel is not None:
                self._relay.leave(sending, channel)

    def _open(self, taken: Taken) -> tuple[Sending, Channel]:
        def end(why: str) -> None:
            log.info("stream %s is cut off: %s", taken.stream_id, why)
            self._drop(taken.stream_id)
            if why != UNANSWERED:
                self._relay.errand(self._stop(taken))

        session = Session(taken.stream_id, end, protocol="rtmp-pulled")
        return self._relay.begin(session, taken.let_in)

    async def _end(self, taken: Taken, code: str) -> None:
        log.info("stream %s is of no use: %s", taken.stream_id, code)
        with suppress(*OUT_OF_REACH):
            await self._relay.doors.had_fault(taken.stream_id, code)
        await self._stop(taken)

    async def _stop(self, taken: Taken) -> None:
        await self.server.stop(str(taken.stream_id))
