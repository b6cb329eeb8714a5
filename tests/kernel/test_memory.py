"""What a transaction keeps in mind: written once at its end, asked for once, and taken back with a savepoint."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import TimetableRun
from liandong.kernel.ledger import LedgerHead
from liandong.kernel.memory import Into, gather, held, hold, learn, lock, recall, write_out
from tests.facts import noted

RUNS = Into("timetable_run", ("entry", "slot", "ran_at"), ("entry", "slot"), "DO UPDATE SET ran_at = excluded.ran_at")


def run_of(slot: str) -> dict[str, Any]:
    return {"entry": "示例", "slot": slot, "ran_at": "2026-03-02T06:00:00+08:00"}


async def slots(db: Database) -> list[str]:
    async with db.transaction(Role.worker) as session:
        rows = await session.execute(text("SELECT slot FROM timetable_run ORDER BY slot"))
        return list(rows.scalars())


class Statements:
    """The statements that a session sends while it is watched."""

    def __init__(self, session: AsyncSession) -> None:
        self.sent: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.sent.append(statement)


async def undone(session: AsyncSession, *rows: dict[str, Any], written: bool = False) -> None:
    """A savepoint in which rows were gathered, and which failed."""
    with suppress(LookupError):
        async with session.begin_nested():
            for row in rows:
                gather(session, RUNS, row)
            if written:
                await write_out(session)
            raise LookupError


async def test_gathered_rows_are_written_by_one_statement_when_the_transaction_ends(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    execute = psycopg.AsyncConnection.execute

    async def noting(line: psycopg.AsyncConnection[Any], statement: bytes, *more: Any) -> Any:
        sent.append(statement)
        return await execute(line, statement, *more)

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", noting)
    async with db.transaction(Role.worker) as session:
        for number in range(5):
            gather(session, RUNS, run_of(f"{number}"))
        assert sent == []
    assert sent == [RUNS.statement]
    assert await slots(db) == ["0", "1", "2", "3", "4"]


async def test_a_broken_constraint_is_raised_where_it_is_written_out(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        with pytest.raises(psycopg.IntegrityError):
            await broken(session)
        gather(session, RUNS, run_of("1"))
    assert await slots(db) == ["1"]


async def broken(session: AsyncSession) -> None:
    async with session.begin_nested():
        gather(session, RUNS, run_of("1") | {"ran_at": None})
        await write_out(session)


async def test_of_rows_with_one_key_the_last_one_stands(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        for hour in range(3):
            gather(session, RUNS, run_of("1") | {"ran_at": f"2026-03-02T0{hour}:00:00+00:00"})
            gather(session, RUNS, run_of(f"beside {hour}"))
    async with db.transaction(Role.worker) as session:
        assert (await session.get_one(TimetableRun, ("示例", "1"))).ran_at.hour == 2
    assert len(await slots(db)) == 4


async def test_rows_written_early_are_not_written_again(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        await ledger.record(session, noted("一"))
        await write_out(session)
        await ledger.record(session, noted("二"))
        await write_out(session)
    async with db.transaction(Role.worker) as session:
        assert len(await ledger.stamp(session)) == 2


async def test_a_savepoint_takes_back_only_what_was_gathered_inside(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        gather(session, RUNS, run_of("before"))
        async with session.begin_nested():
            gather(session, RUNS, run_of("kept"))
        await undone(session, run_of("gone"))
        gather(session, RUNS, run_of("after"))
    assert await slots(db) == ["after", "before", "kept"]


async def test_what_was_written_inside_a_savepoint_and_lost_with_it_is_written_again(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        gather(session, RUNS, run_of("before"))
        await undone(session, run_of("gone"), written=True)
    assert await slots(db) == ["before"]


async def test_a_savepoint_inside_another_goes_with_it(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        with suppress(LookupError):
            async with session.begin_nested():
                async with session.begin_nested():
                    gather(session, RUNS, run_of("inner"))
                raise LookupError
        gather(session, RUNS, run_of("outer"))
    assert await slots(db) == ["outer"]


async def test_a_locked_record_is_asked_for_once(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        head = await lock(session, LedgerHead, 1)
        statements = Statements(session)
        assert await lock(session, LedgerHead, 1) is head
        assert held(session, LedgerHead, 1) is head
        assert statements.sent == []


async def test_locking_does_not_overwrite_what_is_changed_and_not_yet_written(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        head = await session.get_one(LedgerHead, 1)
        head.seq = 7
        assert (await lock(session, LedgerHead, 1)).seq == 7


async def test_a_savepoint_that_is_rolled_back_makes_it_forget(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        learn(session, "before", 1)
        with suppress(LookupError):
            async with session.begin_nested():
                head = await lock(session, LedgerHead, 1)
                head.seq = 7
                raise LookupError
        assert recall(session, "before") is None  # to forget too much only costs a question
        assert held(session, LedgerHead, 1) is None
        assert (await lock(session, LedgerHead, 1)).seq == 0


async def test_one_transaction_knows_nothing_of_another(db: Database) -> None:
    async with db.transaction(Role.worker) as one, db.transaction(Role.worker) as other:
        learn(one, "key", 1)
        gather(one, RUNS, run_of("one"))
        assert recall(other, "key") is None
    assert await slots(db) == ["one"]


async def test_a_record_made_here_is_held_before_it_is_written(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        made = TimetableRun(entry="示例", slot="1")
        assert hold(session, made) is made
        assert held(session, TimetableRun, "示例") is made
