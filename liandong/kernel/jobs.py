"""The worker: stamps the ledger, runs the AFTERWARDS hand-overs of each fact, and keeps the timetable.

A hand-over is delivered at least once: its row is taken with SKIP LOCKED in the same transaction in which the
handler writes, so several workers share the load and one that dies gives its row back. Every handler is therefore
safe to repeat. A handler that fails is tried again later and, after the last try, stays in sight as `failed`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import BigInteger, Index, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel import ledger
from liandong.kernel.clock import BEIJING, now
from liandong.kernel.db import OUT_OF_REACH, Base, Database, Role
from liandong.kernel.ids import new_id
from liandong.kernel.memory import write_out

log = logging.getLogger(__name__)

LAST_TRY = 8
FIRST_DELAY = timedelta(seconds=2)
CHORE_DELAY = timedelta(minutes=1)
"""A chore that failed has its turn again after this."""
POLL_SECONDS = 1.0
"""A notification that got lost costs at most this long."""
PACE_SECONDS = 0.05
"""What is recorded within this time is stamped and fanned out together: a stamp a fact would cost more than the deed."""
TAKEN_AT_ONCE = 60
"""Hand-overs taken in one transaction; more would keep other workers waiting for one that is slow."""


class Delivery(Base):
    """One hand-over that is owed: this fact to this handler. `done_at` is set once it has happened."""

    __tablename__ = "delivery"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_no: Mapped[int] = mapped_column(BigInteger)
    handler: Mapped[str]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_delivery_once", "entry_no", "handler", unique=True),
        Index("ix_delivery_owed", "due_at", postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),
    )


class TimetableRun(Base):
    """One run of one timetable entry; the key makes it happen once, whatever the number of workers."""

    __tablename__ = "timetable_run"
    entry: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]


Handler = Callable[[AsyncSession, Sequence[ledger.LedgerFact]], Awaitable[None]]
"""Takes the facts of one round in their order. If it fails, each is handed to it alone, so one cannot hold up others."""
Chore = Callable[[AsyncSession], Awaitable[None]]
Facts = Mapping[int, ledger.LedgerFact]
Outcomes = dict[UUID, Exception | None]


@dataclass(frozen=True)
class Timed:
    """A chore of the timetable: every day at a Beijing time, or every so many minutes."""

    chore: Chore
    daily_at: time | None = None
    every_minutes: int | None = None

    def slot(self, at: datetime) -> str | None:
        """The name of the slot that `at` falls in, or None before today's hour has come."""
        local = at.astimezone(BEIJING)
        if self.daily_at is not None:
            return str(local.date()) if local.time() >= self.daily_at else None
        assert self.every_minutes
        return str(int(at.timestamp() // (60 * self.every_minutes)))


def each(hand_over: Callable[[AsyncSession, ledger.LedgerFact], Awaitable[None]]) -> Handler:
    """The handler that does this for every fact of a round, one after the other."""

    @wraps(hand_over)
    async def _every_one(session: AsyncSession, facts: Sequence[ledger.LedgerFact]) -> None:
        for fact in facts:
            await hand_over(session, fact)

    return _every_one


def handler_name(function: Callable[..., Any]) -> str:
    """The name a hand-over is stored under."""
    return f"{function.__module__}.{function.__qualname__}"


class Worker:
    """A worker process. `afterwards` maps each fact to its handlers; it is `flow.AFTERWARDS`."""

    def __init__(
        self, db: Database, afterwards: Mapping[type[ledger.Fact], Sequence[Handler]], timetable: Sequence[Timed] = ()
    ) -> None:
        self.db, self.timetable = db, timetable
        self.owed = {fact.__name__: [handler_name(h) for h in handlers] for fact, handlers in afterwards.items()}
        self.handlers = {handler_name(h): h for handlers in afterwards.values() for h in handlers}
        self._slots_done: set[tuple[str, str]] = set()
        self._not_before: dict[str, datetime] = {}
        self._owing = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; afterwards nothing this worker took is left half done.

        Stamping does not wait for hand-overs: a screen shows what happened while the work that follows is being done.
        """
        async with asyncio.TaskGroup() as both:
            both.create_task(self._keep_at(self._stamp_on, stop))
            both.create_task(self._keep_at(self._deliver_on, stop))

    async def _keep_at(self, work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await work(stop)
            except OUT_OF_REACH as error:
                log.warning("database out of reach, trying again: %s", error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)

    async def _stamp_on(self, stop: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(self.db.conninfo(Role.worker), autocommit=True) as listener:
            await listener.execute(f"LISTEN {ledger.RECORDED}")
            while not stop.is_set():
                while await self.stamp():
                    self._owing.set()
                self._owing.set()  # something may have been owed before, or its time may have come
                await asyncio.sleep(PACE_SECONDS)
                await self._wake(listener, stop)

    async def _deliver_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._owing.clear()
            try:
                await self.keep_timetable()
            except ExceptionGroup:
                log.exception("chores are tried again in %s", CHORE_DELAY)
            while not stop.is_set() and await self.deliver():
                pass
            with suppress(TimeoutError):
                await asyncio.wait_for(self._owing.wait(), POLL_SECONDS)

    async def _wake(self, listener: psycopg.AsyncConnection[Any], stop: asyncio.Event) -> None:
        async for _ in listener.notifies(timeout=POLL_SECONDS, stop_after=1):
            return

    async def drain(self, at: datetime | None = None) -> int:
        """Do all that is due at `at` (default: now). Returns how many facts, hand-overs and chores that was."""
        total = await self.keep_timetable(at)
        while True:
            done = await self.stamp() + await self.deliver(at)
            if not done:
                return total
            total += done

    async def stamp(self) -> int:
        """Number and chain what was recorded, and owe each fact to its handlers. Returns how many facts."""
        async with self.db.transaction(Role.worker) as session:
            facts = await ledger.stamp(session)
            owed = [
                {"id": new_id(), "entry_no": fact.entry_no, "handler": handler, "due_at": now(), "tries": 0}
                for fact in facts
                for handler in self.owed.get(fact.name, ())
            ]
            if owed:
                await session.execute(insert(Delivery), owed)
            return len(facts)

    async def deliver_one(self, at: datetime | None = None) -> int:
        """Make one hand-over that is due. Returns 1, or 0 if none is."""
        return await self.deliver(at, limit=1)

    async def deliver(self, at: datetime | None = None, *, limit: int = TAKEN_AT_ONCE) -> int:
        """Make hand-overs that are due, oldest first, each standing or falling by itself. Returns how many."""
        async with self.db.transaction(Role.worker) as session:
            due = (
                select(Delivery)
                .where(Delivery.done_at.is_(None), Delivery.failed_at.is_(None), Delivery.due_at <= (at or now()))
                .order_by(Delivery.due_at, Delivery.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            taken = (await session.execute(due)).scalars().all()
            if not taken:
                return 0
            told = select(ledger.LedgerFact).where(ledger.LedgerFact.entry_no.in_([one.entry_no for one in taken]))
            facts = {fact.entry_no: fact for fact in (await session.execute(told)).scalars()}
            errors: dict[UUID, Exception | None] = {}
            for handler in dict.fromkeys(one.handler for one in taken):
                errors |= await self._round(session, handler, [one for one in taken if one.handler == handler], facts)
            for delivery in taken:  # at the end, so that all are written together
                _settle(delivery, errors[delivery.id])
            return len(taken)

    async def _round(self, session: AsyncSession, handler: str, owed: list[Delivery], facts: Facts) -> Outcomes:
        """Make the hand-overs owed to one handler, all at once or, if that fails, one by one."""
        error = await self._attempt(session, handler, [facts[one.entry_no] for one in owed])
        if error is None or len(owed) == 1:
            if error is not None:
                log.error(
                    "hand-over %s of entry %s failed (try %s)",
                    handler,
                    owed[0].entry_no,
                    owed[0].tries + 1,
                    exc_info=error,
                )
            return dict.fromkeys((one.id for one in owed), error)
        outcomes: Outcomes = {}
        for one in owed:
            outcomes |= await self._round(session, handler, [one], facts)
        return outcomes

    async def _attempt(self, session: AsyncSession, handler: str, facts: list[ledger.LedgerFact]) -> Exception | None:
        """Hand facts over; what was written is undone if that failed, and the error is returned.

        Raises    ConnectionError: the database went away meanwhile; nothing that was taken with it counts as tried
        """
        try:
            async with session.begin_nested():
                await self.handlers[handler](session, facts)
                await write_out(session)
        except Exception as error:  # the worker loop is one of the three places that must survive anything
            try:
                for fact in facts:
                    await session.refresh(fact)  # a handler that wrote on it has left it stale for the next one
            except PendingRollbackError:
                raise ConnectionError("the database went away in the middle of a hand-over") from error
            return error
        return None

    async def keep_timetable(self, at: datetime | None = None) -> int:
        """Run each chore whose slot has come and has not run yet. Returns how many ran.

        One that fails holds up no other: it has not run, and its turn comes again after CHORE_DELAY.

        Raises    ExceptionGroup of what failed, once all had their turn
        """
        at, ran, failed = at or now(), 0, list[Exception]()
        for timed in self.timetable:
            slot, name = timed.slot(at), handler_name(timed.chore)
            if slot is None or (name, slot) in self._slots_done or self._not_before.get(name, at) > at:
                continue
            try:
                ran += await self._run_once(timed.chore, slot)
                self._slots_done.add((name, slot))
            except OUT_OF_REACH:
                raise
            except Exception as error:  # the worker loop is one of the three places that must survive anything
                error.add_note(f"chore {name}, slot {slot}")
                self._not_before[name] = at + CHORE_DELAY
                failed.append(error)
        if failed:
            raise ExceptionGroup("chores of the timetable failed", failed)
        return ran

    async def _run_once(self, chore: Chore, slot: str) -> int:
        async with self.db.transaction(Role.worker) as session:
            key = {"entry": handler_name(chore), "slot": slot}
            mark = upsert(TimetableRun).values(**key, ran_at=datetime.now(UTC)).on_conflict_do_nothing()
            if (await session.execute(mark.returning(TimetableRun.slot))).scalar_one_or_none() is None:
                return 0
            await chore(session)
            return 1


def _settle(delivery: Delivery, error: Exception | None) -> None:
    """The hand-over is done, or is tried again later, or is given up."""
    delivery.tries += 1
    if error is None:
        delivery.done_at = now()
        return
    delivery.last_error = f"{type(error).__name__}: {error}"
    delivery.due_at = now() + FIRST_DELAY * 2 ** (delivery.tries - 1)
    if delivery.tries >= LAST_TRY:
        delivery.failed_at = now()


async def count_failed(session: AsyncSession) -> int:
    """How many hand-overs were given up; each stays in the table with its last error."""
    rows = await session.execute(text("SELECT count(*) FROM delivery WHERE failed_at IS NOT NULL"))
    return int(rows.scalar_one())


async def retry_failed(session: AsyncSession) -> None:
    """Afterwards every given-up hand-over is owed again."""
    again = update(Delivery).where(Delivery.failed_at.is_not(None))
    await session.execute(again.values(failed_at=None, tries=0, due_at=now()))
