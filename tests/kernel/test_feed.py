"""The feed: each connection gets every fact it may see once and in order, however often it drops, however slow it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from liandong.kernel import feed
from liandong.kernel.db import Database, Role
from liandong.kernel.feed import Hub, facts_after
from liandong.kernel.ledger import LedgerFact
from liandong.kernel.settings import settings
from tests.facts import note, stamp

Frames = AsyncIterator[bytes]


def everything(passing: LedgerFact | dict[str, Any]) -> bool:
    return True


def backlog_of(db: Database, page: int = 500) -> Callable[[int], AsyncIterator[LedgerFact]]:
    async def backlog(after: int) -> AsyncIterator[LedgerFact]:
        while True:
            async with db.transaction(Role.feed) as session:
                facts = await facts_after(session, after, page)
            for fact in facts:
                yield fact
            if len(facts) < page:
                return
            after = facts[-1].seq or after

    return backlog


async def announce(db: Database, hub: Hub, *words: str) -> None:
    """Facts have been recorded, stamped and fanned out."""
    for said in words:
        await note(db, said)
    await stamp(db)
    await hub.catch_up()


def parse(frame: bytes) -> dict[str, str]:
    """A server-sent event, as a browser reads it."""
    assert frame.endswith(b"\n\n")
    lines = frame.decode()[:-2].split("\n")
    return dict(line.split(": ", 1) for line in lines)


async def take(frames: Frames, count: int) -> list[int]:
    """The sequence numbers of the next `count` facts."""
    seqs = []
    while len(seqs) < count:
        frame = await asyncio.wait_for(anext(frames), 10)
        if not frame.startswith(b":"):
            seqs.append(int(parse(frame)["id"]))
    return seqs


async def hello(frames: Frames) -> None:
    assert await anext(frames) == b": hello\n\n"


# --- resuming --------------------------------------------------------------------------------------------------------


async def test_what_was_missed_comes_first_and_then_what_happens_now(db: Database) -> None:
    hub = Hub(db)
    await announce(db, hub, "一", "二", "三")
    async with aclosing(hub.stream(1, everything, backlog_of(db))) as frames:
        await hello(frames)
        assert await take(frames, 2) == [2, 3]
        await announce(db, hub, "四")
        assert await take(frames, 1) == [4]
    assert hub.listeners == set()


async def test_a_fact_that_comes_while_the_backlog_is_read_is_given_once(db: Database) -> None:
    hub = Hub(db)
    await announce(db, hub, "一", "二")
    read = backlog_of(db)

    async def slow_backlog(after: int) -> AsyncIterator[LedgerFact]:
        async for fact in read(after):
            if fact.seq == 2:  # the third fact passes live before the backlog has ended, and is in the backlog too
                await announce(db, hub, "三")
            yield fact
        async for fact in read(2):
            yield fact

    async with aclosing(hub.stream(0, everything, slow_backlog)) as frames:
        await hello(frames)
        assert await take(frames, 3) == [1, 2, 3]
        await announce(db, hub, "四")
        assert await take(frames, 1) == [4]


@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=5), page=st.integers(1, 3))
async def test_a_line_that_drops_again_and_again_loses_and_repeats_nothing(
    db: Database, turns: list[tuple[int, int]], page: int
) -> None:
    """Each turn: so many facts happen, then the line reads so many of what waits for it, and drops."""
    hub = Hub(db)
    async with db.transaction(Role.feed) as session:
        hub.seq = first = last = await feed.last_seq(session)
    got: list[int] = []
    for happens, reads in [*turns, (1, 10_000)]:
        async with aclosing(hub.stream(last, everything, backlog_of(db, page))) as frames:
            await hello(frames)
            await announce(db, hub, *("示例" for _ in range(happens)))
            got += await take(frames, min(reads, hub.seq - last))
        last = got[-1] if got else last
    assert got == list(range(first + 1, hub.seq + 1))


async def test_a_connection_that_reads_too_slowly_is_ended_and_loses_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANDONG_FEED_QUEUE", "10")
    settings.cache_clear()
    try:
        hub = Hub(db)
        quick = hub.stream(0, everything, backlog_of(db))
        slow = hub.stream(0, everything, backlog_of(db))
        await hello(quick)
        await hello(slow)
        for seq in (1, 2):  # the first from the backlog, the second live
            await announce(db, hub, "示例")
            assert await take(slow, 1) == await take(quick, 1) == [seq]
        for _ in range(3):
            await announce(db, hub, *("示例" for _ in range(8)))
            await take(quick, 8)
        received = [1, 2, *[int(parse(frame)["id"]) async for frame in slow]]  # it ends by itself
        assert received == list(range(1, len(received) + 1)), "what comes before the end has no hole in it"
        async with aclosing(hub.stream(received[-1], everything, backlog_of(db))) as resumed:
            await hello(resumed)
            received += await take(resumed, hub.seq - received[-1])
        assert received == list(range(1, 27))
        assert len(hub.listeners) == 1  # the quick one never noticed
        await quick.aclose()
    finally:
        settings.cache_clear()


async def test_nobody_is_given_what_he_may_not_see(db: Database) -> None:
    hub = Hub(db)

    def sees(passing: LedgerFact) -> bool:
        return passing.words != "不可见"

    async with aclosing(hub.stream(0, sees, backlog_of(db))) as frames:
        await hello(frames)
        await announce(db, hub, "一")
        assert await take(frames, 1) == [1]  # by now the line is live
        await announce(db, hub, "不可见", "三")
        await announce(db, hub, "四")
        assert await take(frames, 2) == [3, 4]


# --- across processes ------------------------------------------------------------------------------------------------


async def test_every_process_hears_of_every_fact_and_outlives_a_lost_connection(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "AGAIN_SECONDS", 0.01)
    hubs = [Hub(db), Hub(db)]
    running = [asyncio.create_task(hub.run()) for hub in hubs]
    lines = [hub.stream(0, everything, backlog_of(db)) for hub in hubs]
    for line in lines:
        await hello(line)
    await note(db, "一")
    await stamp(db)
    assert [await take(line, 1) for line in lines] == [[1], [1]]
    await end_connections(db)
    writer = Database(db.url)  # another process, whose connections are new
    await note(writer, "二")
    await stamp(writer)  # told while nobody listens
    assert [await take(line, 1) for line in lines] == [[2], [2]]
    await writer.close()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_a_process_that_starts_while_the_database_is_away_hears_of_every_fact_later(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "AGAIN_SECONDS", 0.01)
    away = Database(db.url.set(query={**db.url.query, "port": "1"}))
    hub = Hub(away)
    running = asyncio.create_task(hub.run())
    asked = asyncio.Event()
    opened = Database.transaction
    monkeypatch.setattr(Database, "transaction", lambda self, *of, **more: (asked.set(), opened(self, *of, **more))[1])
    async with asyncio.timeout(10):
        await asked.wait()
        hub.db = db  # it is back
        line = hub.stream(0, everything, backlog_of(db))
        await hello(line)
        await note(db, "一")
        await stamp(db)
        assert await take(line, 1) == [1]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await away.close()


async def end_connections(db: Database) -> None:
    """The database ends every connection there is, as when it is started anew."""
    owner = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(owner, autocommit=True) as admin:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        await admin.execute(f"{others} AND pid <> pg_backend_pid()")
