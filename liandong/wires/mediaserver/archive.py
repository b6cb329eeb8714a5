"""Puts recorded segments into the store and on record, beside the pictures, which never wait for it.

A store that is slow, full or away costs recordings, and nothing else: what waits is bounded, what is lost is counted and
told on its stream, and the next segment is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

from liandong.kernel.blobs import OUT_OF_STORE
from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import Refused
from liandong.means.film.refusals import Counts
from liandong.means.video import recordings
from liandong.means.video.recordings import Cut, Kept
from liandong.wires.mediaserver.doors import Doors

log = logging.getLogger(__name__)

MOST_WAITING = 64 * 1024 * 1024
"""Bytes that wait for the store: a minute of four streams of 2 Mbit/s."""
PUT_SECONDS, SETTLE_SECONDS = 10.0, 3.0
MOST_UNNOTED = 10_000
"""Segments in the store that wait for the database; beyond it the next relay takes them up."""
FAILED, BEHIND = "video.recording_failed", "video.recording_behind"


class Archive:
    """Everything that this relay records. `errand` does something beside the pictures."""

    def __init__(self, doors: Doors, errand: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._doors, self._errand = doors, errand
        self._waiting: asyncio.Queue[Cut] = asyncio.Queue()
        self._unnoted: deque[Kept] = deque(maxlen=MOST_UNNOTED)
        self.waiting_bytes = 0
        self.kept = 0
        self.lost = Counts()

    def offer(self, cut: Cut) -> None:
        """The segment will be filed, unless too much waits already."""
        if self.waiting_bytes + cut.size > MOST_WAITING:
            self.lose(cut.stream_id, BEHIND)
            return
        self.waiting_bytes += cut.size
        self._waiting.put_nowait(cut)

    def lose(self, stream_id: UUID, code: str) -> None:
        """It is counted, and will be told on the stream, that something of it was not recorded."""
        self.lost.count(code)
        log.warning("not recorded, stream %s: %s", stream_id, code)
        self._errand(self._doors.not_recorded(stream_id, code))

    async def run(self) -> None:
        """Whatever is offered is filed, and what an earlier relay left is taken up beside it, until cancelled."""
        taking_up = asyncio.create_task(self._take_up())
        try:
            while True:
                await self._file(await self._waiting.get())
        finally:
            taking_up.cancel()
            with suppress(asyncio.CancelledError):
                await taking_up

    async def _file(self, cut: Cut) -> None:
        try:
            await self._keep(cut)
        except Exception:  # a wire's loop: one segment that nobody can keep must not be the end of all recording
            log.exception("a segment of stream %s could not be kept", cut.stream_id)
            self.lose(cut.stream_id, FAILED)
        finally:
            self.waiting_bytes -= cut.size
            self._waiting.task_done()

    async def settle(self) -> None:
        """What was offered is filed, as far as the store is quick enough."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._waiting.join(), SETTLE_SECONDS)

    async def _take_up(self) -> None:
        try:
            taken, dropped = await self._doors.take_up_recordings()
        except (*OUT_OF_STORE, *OUT_OF_REACH) as error:
            log.warning("recordings of an earlier relay could not be looked at: %s", error)
        else:
            if taken or dropped:
                log.info("recordings of an earlier relay: %d taken up, %d were broken and are dropped", taken, dropped)

    async def _keep(self, cut: Cut) -> None:
        try:
            async with asyncio.timeout(PUT_SECONDS):
                kept = await recordings.keep(cut)
        except Refused as error:
            self.lose(cut.stream_id, error.code)
        except OUT_OF_STORE as error:
            log.warning("the store did not take a segment: %s", error)
            self.lose(cut.stream_id, FAILED)
        else:
            self._unnoted.append(kept)
            await self._note()

    async def _note(self) -> None:
        """The database may be away for a while: what is in the store is put on record as soon as it is back."""
        while self._unnoted:
            kept = self._unnoted.popleft()
            try:
                await self._doors.segment_kept(kept)
            except OUT_OF_REACH as error:
                self._unnoted.appendleft(kept)
                log.warning(
                    "database out of reach, %d segments wait to be put on record: %s", len(self._unnoted), error
                )
                return
            self.kept += 1
