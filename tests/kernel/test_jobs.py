"""The worker: every hand-over at least once, shared without waiting, retried, and in sight when given up."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, time, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import jobs, ledger
from liandong.kernel.clock import BEIJING, now
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Delivery, Timed, TimetableRun, Worker, count_failed, each, retry_failed
from liandong.kernel.ledger import LedgerFact
from tests.facts import Forgotten, Noted, note

FAR_AHEAD = timedelta(days=30)


class Handlers:
    """Hand-overs that remember what they were given, and fail as often as they are told to."""

    def __init__(self, failures: int = 0) -> None:
        self.given: Counter[str] = Counter()
        self.failures = failures

    async def take(self, session: AsyncSession, fact: LedgerFact) -> None:
        """Remember the fact, and record that it was forgotten."""
        self.given[fact.words] += 1
        about = {"subject_id": fact.subject_id, "subject": fact.subject, "area_code": fact.area_code}
        await ledger.record(session, Forgotten(**about, words=f"忘了{fact.words}"))
        if self.given[fact.words] <= self.failures:
            raise LookupError("示例：尚未就绪")


HandOver = Callable[[AsyncSession, LedgerFact], Awaitable[None]]


def worker_of(db: Database, *hand_overs: HandOver, timetable: Sequence[Timed] = ()) -> Worker:
    return Worker(db, {Noted: [each(one) for one in hand_overs]}, timetable)


async def deliveries(db: Database) -> list[Delivery]:
    async with db.transaction(Role.worker) as session:
        return list((await session.scalars(select(Delivery).order_by(Delivery.entry_no))).all())


async def facts_named(db: Database, name: str) -> list[str]:
    async with db.transaction(Role.worker) as session:
        rows = select(LedgerFact.words).where(LedgerFact.name == name).order_by(LedgerFact.entry_no)
        return list((await session.scalars(rows)).all())


# --- hand-overs ------------------------------------------------------------------------------------------------------


async def test_each_fact_goes_to_its_handlers_once_and_to_no_other(db: Database) -> None:
    hands = Handlers()
    for words in ("一", "二", "三"):
        await note(db, words)
    worker = worker_of(db, hands.take)
    assert await worker.drain() == 3 + 3 + 3  # stamped, handed over, and what the handlers recorded stamped too
    assert await worker.drain() == 0
    assert hands.given == Counter({"一": 1, "二": 1, "三": 1})
    assert await facts_named(db, "Forgotten") == ["忘了一", "忘了二", "忘了三"]
    assert all(owed.done_at and owed.tries == 1 for owed in await deliveries(db))


async def test_what_is_stamped_and_what_is_owed_stand_or_fall_together(
    db: Database,
) -> None:
    await note(db, "一")
    worker, nameless = worker_of(db, Handlers().take), worker_of(db, Handlers().take)
    nameless.owed = {"Noted": [None]}  # type: ignore[list-item]
    with pytest.raises(IntegrityError):
        await nameless.stamp()
    assert await deliveries(db) == []
    assert await worker.stamp() == 1
    assert len(await deliveries(db)) == 1


async def test_two_workers_share_the_load_and_repeat_nothing(db: Database) -> None:
    hands = Handlers()
    for turn in range(30):
        await note(db, f"第 {turn} 条")
    one, other = worker_of(db, hands.take), worker_of(db, hands.take)
    await asyncio.gather(one.drain(), other.drain())
    await one.drain()
    assert set(hands.given.values()) == {1}
    assert len(hands.given) == len(await facts_named(db, "Forgotten")) == 30


async def test_a_worker_at_work_does_not_hold_up_the_other(db: Database) -> None:
    """SKIP LOCKED: while one hand-over runs, the next one is taken by somebody else."""
    began, may_end = asyncio.Event(), asyncio.Event()
    seen: list[str] = []

    async def slow_for_the_first(session: AsyncSession, fact: LedgerFact) -> None:
        seen.append(fact.words)
        if fact.words == "一":
            began.set()
            await may_end.wait()

    await note(db, "一")
    await note(db, "二")
    one, other = worker_of(db, slow_for_the_first), worker_of(db, slow_for_the_first)
    await one.stamp()
    busy = asyncio.create_task(one.deliver_one())
    await began.wait()
    assert await other.deliver_one() == 1
    assert await other.deliver_one() == 0  # the first one is taken
    may_end.set()
    assert await busy == 1
    assert seen == ["一", "二"]


async def test_a_worker_that_dies_gives_back_what_it_had_taken(db: Database) -> None:
    began = asyncio.Event()
    hands = Handlers()

    async def never_ends(session: AsyncSession, fact: LedgerFact) -> None:
        await hands.take(session, fact)
        began.set()
        await asyncio.Event().wait()

    await note(db, "一")
    dying = worker_of(db, never_ends)
    await dying.stamp()
    at_work = asyncio.create_task(dying.deliver_one())
    await began.wait()
    at_work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await at_work
    [owed] = await deliveries(db)
    assert (owed.done_at, owed.tries) == (None, 0)
    assert await facts_named(db, "Forgotten") == []  # what it had written went with it
    heir = worker_of(db, never_ends)
    heir.handlers = dict.fromkeys(heir.handlers, each(hands.take))
    await heir.drain()
    assert hands.given["一"] == 2  # at least once
    assert await facts_named(db, "Forgotten") == ["忘了一"]  # but it counts once


# --- failing ---------------------------------------------------------------------------------------------------------


async def test_a_hand_over_that_fails_is_tried_again_later_and_leaves_nothing_half_done(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    hands = Handlers(failures=2)
    await note(db, "一")
    worker = worker_of(db, hands.take)
    await worker.drain()
    [owed] = await deliveries(db)
    assert (owed.tries, owed.last_error, owed.done_at) == (1, "LookupError: 示例：尚未就绪", None)
    assert owed.due_at > now()
    assert await worker.drain() == 0  # not before its time
    assert await facts_named(db, "Forgotten") == []
    await worker.drain(now() + FAR_AHEAD)
    [owed] = await deliveries(db)
    assert owed.done_at is not None
    assert owed.tries == 3
    assert await facts_named(db, "Forgotten") == ["忘了一"]
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


async def test_one_that_always_fails_waits_longer_each_time_and_stays_in_sight(db: Database) -> None:
    hands = Handlers(failures=10_000)
    await note(db, "一")
    worker = worker_of(db, hands.take)
    await worker.stamp()
    waits = []
    for _ in range(jobs.LAST_TRY):
        before = now()
        assert await worker.deliver_one(before + FAR_AHEAD) == 1
        [owed] = await deliveries(db)
        waits.append((owed.due_at - before).total_seconds())
    assert waits == pytest.approx([2.0 * 2**turn for turn in range(jobs.LAST_TRY)], abs=1.0)
    assert owed.failed_at is not None
    assert await worker.deliver_one(now() + FAR_AHEAD) == 0
    async with db.transaction(Role.worker) as session:
        assert await count_failed(session) == 1
        await retry_failed(session)
    hands.failures = 0
    assert await worker.drain() > 0
    async with db.transaction(Role.worker) as session:
        assert await count_failed(session) == 0
    assert await facts_named(db, "Forgotten") == ["忘了一"]


async def test_one_that_fails_does_not_hold_up_the_others(db: Database) -> None:
    async def refuses_the_first(session: AsyncSession, fact: LedgerFact) -> None:
        if fact.words == "一":
            raise LookupError
        seen.append(fact.words)

    seen: list[str] = []
    for words in ("一", "二", "三"):
        await note(db, words)
    await worker_of(db, refuses_the_first).drain()
    assert seen == ["二", "三"]
    assert [owed.done_at is not None for owed in await deliveries(db)] == [False, True, True]


async def test_a_round_is_handed_over_together_and_one_by_one_only_if_that_fails(db: Database) -> None:
    rounds: list[list[str]] = []

    async def all_but_the_second(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
        rounds.append([fact.words for fact in facts])
        about = [{"subject_id": fact.subject_id, "subject": fact.subject, "area_code": None} for fact in facts]
        for fact, told in zip(facts, about, strict=True):
            await ledger.record(session, Forgotten(**told, words=f"忘了{fact.words}"))
        if "二" in rounds[-1]:
            raise LookupError

    await note(db, "一")
    worker = Worker(db, {Noted: [all_but_the_second]})
    await worker.drain()
    for words in ("二", "三"):
        await note(db, words)
    await worker.drain()
    assert rounds == [["一"], ["二", "三"], ["二"], ["三"]]
    assert await facts_named(db, "Forgotten") == ["忘了一", "忘了三"]


async def test_a_handler_that_the_database_refuses_is_a_failure_like_any_other(db: Database) -> None:
    async def forbidden(session: AsyncSession, fact: LedgerFact) -> None:
        fact.words = "改"
        await session.flush()

    await note(db, "一")
    await worker_of(db, forbidden).drain()
    [owed] = await deliveries(db)
    assert "permission denied" in (owed.last_error or "")
    assert await facts_named(db, "Noted") == ["一"]


# --- the timetable ---------------------------------------------------------------------------------------------------


class Chores:
    """A chore that counts its runs, and may fail."""

    def __init__(self) -> None:
        self.runs, self.fails = 0, False

    async def sweep(self, session: AsyncSession) -> None:
        """Count, or fail."""
        self.runs += 1
        if self.fails:
            raise LookupError


SIX = datetime(2026, 3, 2, 6, 0, tzinfo=BEIJING)


async def test_a_daily_chore_runs_once_a_day_whoever_asks_and_however_often(db: Database) -> None:
    chores = Chores()
    daily = [Timed(chores.sweep, daily_at=time(6, 0))]
    one, other = worker_of(db, timetable=daily), worker_of(db, timetable=daily)
    assert await one.keep_timetable(SIX - timedelta(seconds=1)) == 0
    ran = await asyncio.gather(*(worker.keep_timetable(SIX) for worker in (one, other) * 4))
    assert sum(ran) == chores.runs == 1
    assert await one.keep_timetable(SIX + timedelta(hours=17, minutes=59)) == 0
    assert await one.keep_timetable(SIX + timedelta(hours=20)) == 0  # the next day, before its hour
    assert await other.keep_timetable(SIX + timedelta(days=1)) == 1


async def test_a_chore_that_fails_has_not_run(db: Database) -> None:
    chores = Chores()
    worker = worker_of(db, timetable=[Timed(chores.sweep, every_minutes=5)])
    chores.fails = True
    with pytest.raises(ExceptionGroup, match="chores of the timetable failed") as failed:
        await worker.keep_timetable(SIX)
    assert failed.group_contains(LookupError)
    async with db.transaction(Role.worker) as session:
        assert (await session.scalars(select(TimetableRun))).all() == []
    chores.fails = False
    assert await worker.keep_timetable(SIX + timedelta(seconds=59)) == 0
    assert await worker.keep_timetable(SIX + timedelta(minutes=1)) == 1


async def test_a_chore_that_fails_holds_up_neither_the_others_nor_the_worker(db: Database) -> None:
    broken, sound = Chores(), Chores()
    broken.fails = True

    async def fail(session: AsyncSession) -> None:
        await broken.sweep(session)

    async def go_on(session: AsyncSession) -> None:
        await sound.sweep(session)
        stop.set()

    stop = asyncio.Event()
    worker = worker_of(db, timetable=[Timed(fail, every_minutes=1440), Timed(go_on, every_minutes=1440)])
    await asyncio.wait_for(worker.run(stop), 30)
    assert (broken.runs, sound.runs) == (1, 1)


@given(
    at=st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    minutes=st.integers(1, 1440),
)
def test_slots_follow_each_other_without_gap(at: datetime, minutes: int) -> None:
    every = Timed(Chores().sweep, every_minutes=minutes)
    this, following = every.slot(at), every.slot(at + timedelta(minutes=minutes))
    assert this is not None
    assert following is not None
    assert int(following) == int(this) + 1
    daily = Timed(Chores().sweep, daily_at=time(6, 0))
    local = at.astimezone(BEIJING)
    assert daily.slot(at) == (str(local.date()) if local.time() >= time(6, 0) else None)


# --- running ---------------------------------------------------------------------------------------------------------


async def test_a_running_worker_wakes_at_once_and_survives_a_lost_connection(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLL_SECONDS", 30.0)  # only a notice can wake it in time
    done: asyncio.Queue[str] = asyncio.Queue()

    async def tell(session: AsyncSession, fact: LedgerFact) -> None:
        done.put_nowait(fact.words)

    stop = asyncio.Event()
    running = asyncio.create_task(worker_of(db, tell).run(stop))
    async with asyncio.timeout(20):
        await note(db, "一")
        assert await done.get() == "一"
        monkeypatch.setattr(jobs, "POLL_SECONDS", 0.05)
        await end_connections(db)
        writer = Database(db.url)  # another process, whose connections are new
        await note(writer, "二")
        assert await done.get() == "二"
        stop.set()
        await note(writer, "三")  # wakes it, so that it sees that it is to stop
        await running
    await writer.close()


async def test_a_worker_outlives_a_database_that_goes_away_in_the_middle_of_a_hand_over(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.05)
    given: list[str] = []
    done = asyncio.Event()

    async def pull_the_plug(session: AsyncSession, fact: LedgerFact) -> None:
        given.append(fact.words)
        if len(given) == 1:
            await end_connections(db)
            await session.execute(select(Delivery))
        done.set()

    stop = asyncio.Event()
    await note(db, "一")
    running = asyncio.create_task(worker_of(db, pull_the_plug).run(stop))
    async with asyncio.timeout(20):
        finished = asyncio.create_task(done.wait())
        await asyncio.wait({running, finished}, return_when=asyncio.FIRST_COMPLETED)
        assert not running.done(), "the worker has ended"
        stop.set()
        await running
    [delivery] = await deliveries(db)
    assert given == ["一", "一"]
    assert delivery.done_at is not None
    assert delivery.tries == 1  # what went down with the database was no failure of the hand-over


async def end_connections(db: Database) -> None:
    """The database ends every connection there is, as when it is started anew."""
    owner = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(owner, autocommit=True) as admin:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        await admin.execute(f"{others} AND pid <> pg_backend_pid()")
