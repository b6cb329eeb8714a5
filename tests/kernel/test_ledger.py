"""The ledger: no gap, no loss and no repeat, whatever the order in which transactions end; no tampering unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from liandong.kernel import ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import Author, fact_digest, next_chain
from tests.facts import Forgotten, note, noted, stamp, stamped

SLOW_FIXTURE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


@pytest.fixture
async def owner(db: Database) -> AsyncIterator[AsyncEngine]:
    """The database as its owner, who alone could tamper with it."""
    engine = create_async_engine(db.url)
    yield engine
    await engine.dispose()


async def breaks(db: Database) -> list[str]:
    async with db.transaction(Role.worker) as session:
        return (await ledger.verify(session))[1]


async def breaks_after(owner: AsyncEngine, tamper: str) -> list[str]:
    """What is found after the owner has tampered; the tampering itself is taken back."""
    async with AsyncSession(owner) as session:
        await session.execute(text(tamper))
        found = (await ledger.verify(session))[1]
        await session.rollback()
    return found


async def words_in_order(db: Database) -> list[str]:
    async with db.transaction(Role.worker) as session:
        return [fact.words for fact in await stamped(session)]


# --- numbering -------------------------------------------------------------------------------------------------------


async def test_a_fact_has_no_number_before_its_transaction_has_ended(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        await ledger.record(session, noted("示例：未完"))
        assert await stamp(db) == 0
    assert await stamp(db) == 1
    assert await stamp(db) == 0


async def test_a_transaction_that_fails_leaves_no_fact_and_no_gap(db: Database) -> None:
    await note(db, "一")
    with suppress(RuntimeError):
        async with db.transaction(Role.worker) as session:
            await ledger.record(session, noted("不作数"))
            raise RuntimeError
    await note(db, "二")
    await stamp(db)
    assert await words_in_order(db) == ["一", "二"]
    assert await breaks(db) == []


async def test_one_that_began_first_and_ends_last_is_not_lost_by_who_resumes(db: Database) -> None:
    """The trap that numbers given at insert fall into: the reader has passed by when the number becomes visible."""
    seen: list[str] = []
    async with db.transaction(Role.worker) as slow:
        await ledger.record(slow, noted("慢"))
        await note(db, "快")
        await stamp(db)
        async with db.transaction(Role.worker) as reader:
            facts = await stamped(reader)
        seen += [fact.words for fact in facts]
        last = facts[-1].seq
    await stamp(db)
    async with db.transaction(Role.worker) as reader:
        seen += [fact.words for fact in await stamped(reader, after=last or 0)]
    assert seen == ["快", "慢"]
    assert await breaks(db) == []


@SLOW_FIXTURE
@given(endings=st.permutations(range(6)), stamps_after=st.sets(st.integers(0, 5)), page=st.integers(1, 4))
async def test_every_reader_sees_every_fact_once_in_any_order_of_endings(
    db: Database, endings: list[int], stamps_after: set[int], page: int
) -> None:
    async with db.transaction(Role.worker) as session:
        start = (await stamped(session, limit=10_000) or [None])[-1]
    resumed = first = start.seq or 0 if start else 0
    seen: list[tuple[int, str]] = []
    transactions = [db.transaction(Role.worker) for _ in endings]
    for number, transaction in enumerate(transactions):
        await ledger.record(await transaction.__aenter__(), noted(f"第 {number} 笔"))
    for turn, number in enumerate(endings):
        await transactions[number].__aexit__(None, None, None)
        if turn in stamps_after:
            await stamp(db, limit=page)
            resumed = await read_on(db, resumed, page, seen)
    while await stamp(db, limit=page):
        resumed = await read_on(db, resumed, page, seen)
    assert [seq for seq, _ in seen] == list(range(first + 1, first + 7))
    assert sorted(words for _, words in seen) == [f"第 {number} 笔" for number in range(6)]
    assert await breaks(db) == []


async def read_on(db: Database, after: int, page: int, seen: list[tuple[int, str]]) -> int:
    async with db.transaction(Role.feed) as session:
        while facts := await stamped(session, after, page):
            seen += [(fact.seq or 0, fact.words) for fact in facts]
            after = facts[-1].seq or 0
    return after


async def test_many_writers_and_two_sequencers_at_once(db: Database) -> None:
    async def write(name: int) -> None:
        for turn in range(15):
            await note(db, f"{name}-{turn}")

    async def keep_stamping(done: asyncio.Event) -> None:
        while not done.is_set():
            await stamp(db, limit=7)

    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        sequencers = [group.create_task(keep_stamping(done)) for _ in range(2)]
        await asyncio.gather(*(write(name) for name in range(8)))
        done.set()
    assert all(sequencer.done() for sequencer in sequencers)
    while await stamp(db):
        pass
    words = await words_in_order(db)
    assert len(words) == len(set(words)) == 8 * 15
    for name in range(8):  # what one writer did one after the other stands in that order
        assert [said for said in words if said.startswith(f"{name}-")] == [f"{name}-{turn}" for turn in range(15)]
    assert await breaks(db) == []


async def test_facts_of_one_record_stand_in_the_order_of_its_lock(db: Database) -> None:
    """The second writer waits for the first one's row, so its fact is inserted, and numbered, later."""
    async with db.transaction(Role.worker) as session:
        await session.execute(text("INSERT INTO timetable_run (entry, slot, ran_at) VALUES ('record', '1', now())"))
    lock = text("SELECT 1 FROM timetable_run WHERE entry = 'record' FOR UPDATE")
    first_holds, second_asks = asyncio.Event(), asyncio.Event()

    async def second() -> None:
        await first_holds.wait()
        async with db.transaction(Role.worker) as session:
            second_asks.set()
            await session.execute(lock)
            await ledger.record(session, noted("后"))

    waiting = asyncio.create_task(second())
    async with db.transaction(Role.worker) as session:
        await session.execute(lock)
        first_holds.set()
        await second_asks.wait()
        await ledger.record(session, noted("先"))
    await waiting
    await stamp(db)
    assert await words_in_order(db) == ["先", "后"]


async def test_a_savepoint_that_is_taken_back_takes_its_own_facts_and_no_other(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        await ledger.record(session, noted("一"))
        async with session.begin_nested():
            await ledger.record(session, noted("二"))
        with suppress(LookupError):
            async with session.begin_nested():
                await ledger.record(session, noted("不作数"))
                raise LookupError
        with suppress(LookupError):
            async with session.begin_nested():
                async with session.begin_nested():
                    await ledger.record(session, noted("里面的也不作数"))
                raise LookupError
        await ledger.record(session, noted("三"))
    await stamp(db)
    assert await words_in_order(db) == ["一", "二", "三"]


# --- what a fact says ------------------------------------------------------------------------------------------------


async def test_a_fact_carries_its_author_and_stands_in_its_room(db: Database) -> None:
    author = Author(None, "示例林", None, "东区分局", "request-1")
    async with db.transaction(Role.worker) as session:
        session.info["author"] = author
        await ledger.record(session, noted("示例", note="只此一句", after={"tasks": {"1": {"state": "drafted"}}}))
    await stamp(db)
    async with db.transaction(Role.feed) as session:
        [fact] = await stamped(session)
    assert (fact.name, fact.room, fact.author_name, fact.request_id) == ("Noted", "tests", "示例林", "request-1")
    assert fact.payload == {"note": "只此一句", "after": {"tasks": {"1": {"state": "drafted"}}}}
    assert fact.digest == fact_digest(vars(fact))


async def test_hand_overs_together_stand_or_fall_with_the_deed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(session: Any, fact: ledger.Fact) -> None:
        raise LookupError

    async def also_forgets(session: Any, fact: ledger.Fact) -> None:
        again = Forgotten(subject_id=fact.subject_id, subject=fact.subject, area_code=fact.area_code, words="也忘")
        await ledger.record(session, again)

    monkeypatch.setattr(ledger, "together", {type(noted()): [also_forgets]})
    await note(db, "记")
    monkeypatch.setattr(ledger, "together", {type(noted()): [also_forgets, fails]})
    with pytest.raises(LookupError):
        await note(db, "不作数")
    await stamp(db)
    assert await words_in_order(db) == ["记", "也忘"]


# --- tampering -------------------------------------------------------------------------------------------------------


async def three_facts(db: Database) -> None:
    for words in ("一", "二", "三"):
        await note(db, words)
    await stamp(db)
    assert await breaks(db) == []


ALTERED = {
    "name": "'Other'",
    "happened_at": "happened_at + interval '1 second'",
    "author_id": "gen_random_uuid()",
    "area_code": "'990102'",
    "task_id": "gen_random_uuid()",
    "subject_id": "gen_random_uuid()",
    "payload": """jsonb_set(payload, '{note}', '"改"')""",
    "id": "gen_random_uuid()",
    "words": "'改'",
    "author_name": "'示例冒名'",
    "agency_id": "gen_random_uuid()",
    "agency_name": "'示例冒名'",
    "recorded_at": "recorded_at - interval '1 day'",
    "audience": "ARRAY[gen_random_uuid()]",
    "parties": "ARRAY['990103']",
    "room": "'other'",
    "subject": """'{"title": "改"}'""",
    "request_id": "'改'",
}


def test_every_column_that_says_something_is_tried() -> None:
    numbering = {"entry_no", "seq", "digest", "chain"}
    assert set(ledger.LedgerFact.__table__.columns.keys()) == set(ALTERED) | numbering


async def test_a_fact_that_was_altered_is_named_whatever_the_column(db: Database, owner: AsyncEngine) -> None:
    await three_facts(db)
    for column, other in ALTERED.items():
        tamper = f"UPDATE ledger_fact SET {column} = {other} WHERE seq = 2"  # noqa: S608
        assert await breaks_after(owner, tamper) == ["seq 2 was altered"], column


async def test_altering_the_digest_along_with_the_fact_breaks_the_chain(db: Database, owner: AsyncEngine) -> None:
    await three_facts(db)
    async with db.transaction(Role.worker) as session:
        fact = (await stamped(session))[1]
    changed = {**vars(fact), "payload": {**fact.payload, "note": "改"}}
    alter = "UPDATE ledger_fact SET payload = jsonb_set(payload, '{note}', '\"改\"'), digest = :digest WHERE seq = 2"
    async with owner.begin() as connection:
        await connection.execute(text(alter), {"digest": fact_digest(changed)})
    assert await breaks(db) == ["seq 2 does not follow from the one before"]


async def test_rewriting_the_rest_of_the_chain_does_not_reach_its_head(db: Database, owner: AsyncEngine) -> None:
    await three_facts(db)
    async with db.transaction(Role.worker) as session:
        one, _, three = await stamped(session)
    cut = "DELETE FROM ledger_fact WHERE seq = 2"
    renumber = "UPDATE ledger_fact SET seq = 2, chain = :chain WHERE seq = 3"
    async with owner.begin() as connection:
        await connection.execute(text(cut))
        await connection.execute(text(renumber), {"chain": next_chain(one.chain or "", 2, three.digest)})
    assert any("head says 3" in broken for broken in await breaks(db))


CUT_OR_MOVED = {
    "DELETE FROM ledger_fact WHERE seq = 2": "seq 2 is missing",
    "DELETE FROM ledger_fact WHERE seq = 3": "ends at seq 2, its head says 3",
    "UPDATE ledger_fact SET seq = 9 WHERE seq = 3": "seq 3 is missing",
    "UPDATE ledger_fact SET chain = repeat('f', 64) WHERE seq = 2": "seq 2 does not follow from the one before",
    "UPDATE ledger_head SET seq = 5": "ends at seq 3, its head says 5",
    "UPDATE ledger_head SET chain = repeat('f', 64)": "another chain",
}


async def test_what_was_cut_out_or_put_elsewhere_is_named(db: Database, owner: AsyncEngine) -> None:
    await three_facts(db)
    for tamper, named in CUT_OR_MOVED.items():
        found = await breaks_after(owner, tamper)
        assert any(named in broken for broken in found), (tamper, found)


REWRITES = (
    "UPDATE ledger_fact SET words = '改'",
    "UPDATE ledger_fact SET payload = '{}'",
    "DELETE FROM ledger_fact",
    "TRUNCATE ledger_fact",
    "DROP TABLE ledger_fact",
)


async def test_no_process_can_rewrite_a_fact(db: Database) -> None:
    await three_facts(db)
    for role, statement in product(Role, REWRITES):
        with pytest.raises(ProgrammingError) as refused:
            await do(db, role, statement)
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), (role, statement)
    assert await words_in_order(db) == ["一", "二", "三"]


async def do(db: Database, role: Role, statement: str) -> None:
    async with db.transaction(role) as session:
        await session.execute(text(statement))


@settings(max_examples=25, deadline=None)
@given(
    at=st.datetimes(timezones=st.timezones()),
    words=st.text(min_size=1).filter(lambda said: "\x00" not in said and said.isprintable()),
)
def test_the_digest_is_of_the_instant_whatever_its_notation(at: datetime, words: str) -> None:
    row = dict.fromkeys(ledger.SAID) | {"payload": {"note": words}, "recorded_at": datetime.now(UTC)}
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        return
    assert fact_digest({**row, "happened_at": at}) == fact_digest({**row, "happened_at": utc})
    later = utc + timedelta(microseconds=1) if utc.year < 9999 else utc - timedelta(microseconds=1)
    assert fact_digest({**row, "happened_at": at}) != fact_digest({**row, "happened_at": later})
