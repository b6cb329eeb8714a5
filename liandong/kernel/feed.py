"""Fan-out of the ledger to open connections (server-sent events), resumed by sequence number.

Each server process listens for stamped facts, reads each once, encodes it once, and hands the same bytes to every
connection that may see it. A connection that reads too slowly is ended: its client resumes by the last number it
got, so nothing is lost or repeated. The same line to the database carries other rooms' notices to them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.db import OUT_OF_REACH, Database, Role
from liandong.kernel.ledger import STAMPED, LedgerFact
from liandong.kernel.settings import settings

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 15.0
AGAIN_SECONDS = 1.0
PAGE = 500
Sees = Callable[[LedgerFact], bool]


def fact_body(fact: LedgerFact) -> dict[str, Any]:
    """A fact as the live picture and the ticker read it."""
    return {
        "seq": fact.seq,
        "name": fact.name,
        "at": fact.happened_at.isoformat(),
        "author_name": fact.author_name,
        "agency_name": fact.agency_name,
        "area_code": fact.area_code,
        "audience": [str(officer) for officer in fact.audience],
        "subject": {"room": fact.room, "id": str(fact.subject_id), **fact.subject},
        "after": fact.payload.get("after", {}),
        "words": fact.words,
    }


def fact_frame(fact: LedgerFact) -> bytes:
    """A fact as one server-sent event whose id is its sequence number."""
    return f"id: {fact.seq}\nevent: fact\ndata: ".encode() + orjson.dumps(fact_body(fact)) + b"\n\n"


@dataclass(eq=False)
class Listener:
    """One open connection: what it may see, and the frames that wait for it (seq None: telemetry)."""

    sees: Sees
    waiting: asyncio.Queue[tuple[int | None, bytes] | None] = field(
        default_factory=lambda: asyncio.Queue(settings().feed_queue)
    )

    def offer(self, seq: int | None, frame: bytes) -> bool:
        """Queue a frame; False when this connection is too slow and must resume instead."""
        try:
            self.waiting.put_nowait((seq, frame))
        except asyncio.QueueFull:
            return seq is None
        return True

    def end(self) -> None:
        """Afterwards the connection ends. What waited goes too: a frame after a missing one would hide the hole."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Hub:
    """The fan-out of one server process. `notices`: who hears what else on the line; `on_listening`: who is told that it is open."""

    def __init__(self, db: Database) -> None:
        self.db, self.seq = db, 0
        self.listeners: set[Listener] = set()
        self.notices: dict[str, Callable[[str], None]] = {}
        self.on_listening: list[Callable[[], Awaitable[None]]] = []

    async def run(self) -> None:
        """Fan out until cancelled; a lost database connection is opened again and nothing is skipped."""
        is_placed = False
        while True:
            try:
                if not is_placed:
                    async with self.db.transaction(Role.feed) as session:
                        self.seq = max(self.seq, await last_seq(session))
                    is_placed = True
                await self._listen()
            except OUT_OF_REACH as error:
                log.warning("database out of reach, trying again: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self.db.conninfo(Role.feed), autocommit=True) as line:
            await line.execute(f"LISTEN {STAMPED}")
            for channel in self.notices:
                await line.execute(f"LISTEN {channel}")
            await self.catch_up()
            for listening in self.on_listening:
                await listening()
            async for notice in line.notifies():
                if notice.channel in self.notices:
                    self.notices[notice.channel](notice.payload)
                elif not self.listeners:  # whoever comes reads from the ledger what he missed
                    self.seq = max(self.seq, int(notice.payload))
                elif int(notice.payload) > self.seq:  # what an earlier notice led to may have reached this far
                    await self.catch_up()

    async def catch_up(self) -> None:
        """Read the facts stamped since the last time and hand each to whoever may see it."""
        while True:
            async with self.db.transaction(Role.feed) as session:
                facts = await facts_after(session, self.seq)
            for fact in facts:
                self.fan_out(fact)
            if len(facts) < PAGE:
                return

    def fan_out(self, fact: LedgerFact) -> None:
        """Give one fact to every listener that may see it; those who cannot keep up are ended."""
        assert fact.seq is not None
        frame, self.seq = fact_frame(fact), fact.seq
        for listener in list(self.listeners):
            if listener.sees(fact) and not listener.offer(fact.seq, frame):
                self.listeners.discard(listener)
                listener.end()

    async def stream(
        self, after: int, sees: Sees, backlog: Callable[[int], AsyncIterator[LedgerFact]]
    ) -> AsyncIterator[bytes]:
        """The frames for one connection: first what it missed since `after`, then live, each once and in order."""
        async with aclosing(self.batches(after, sees, backlog)) as batches:
            async for batch in batches:
                for frame in batch:
                    yield frame

    async def batches(
        self, after: int, sees: Sees, backlog: Callable[[int], AsyncIterator[LedgerFact]]
    ) -> AsyncGenerator[list[bytes], None]:
        """The frames for one connection as in `stream`, together what waits together: a write costs more than a frame."""
        listener = Listener(sees)
        self.listeners.add(listener)  # before the backlog is read, so that nothing falls between
        try:
            yield [b": hello\n\n"]
            async for fact in backlog(after):
                assert fact.seq is not None
                after = fact.seq
                yield [fact_frame(fact)]
            async for waiting in self._live(listener):
                batch = [frame for seq, frame in waiting if seq is None or seq > after]
                if batch:
                    yield batch
        finally:
            self.listeners.discard(listener)

    async def _live(self, listener: Listener) -> AsyncIterator[list[tuple[int | None, bytes]]]:
        """What waits, whenever something does; it ends with the connection."""
        while True:
            try:
                batch = [await asyncio.wait_for(listener.waiting.get(), KEEP_ALIVE_SECONDS)]
            except TimeoutError:
                yield [(None, b": still here\n\n")]
                continue
            while not listener.waiting.empty():
                batch.append(listener.waiting.get_nowait())
            yield [waiting for waiting in batch if waiting is not None]
            if None in batch:
                return


async def last_seq(session: AsyncSession) -> int:
    """The highest sequence number stamped so far; 0 if none is."""
    return (await session.execute(select(func.max(LedgerFact.seq)))).scalar_one() or 0


async def facts_after(session: AsyncSession, seq: int, limit: int = PAGE) -> Sequence[LedgerFact]:
    """The stamped facts after `seq` that this transaction may see, in order, at most `limit`."""
    rows = select(LedgerFact).where(LedgerFact.seq > seq).order_by(LedgerFact.seq).limit(limit)
    return (await session.execute(rows)).scalars().all()
