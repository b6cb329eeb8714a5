"""What a transaction keeps in mind until it ends: rows to be written together, and records it need not ask for again.

A statement costs the server about as much as the work of a whole deed, so a phone's batch of twenty deeds must not
cost two hundred of them. Rows that only have to be there at the end are gathered and written by one statement a table;
a record that is held under a lock cannot change behind our back, so it is asked for once. A savepoint that is rolled
back takes back what was gathered or learnt inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

R = TypeVar("R")


@dataclass(frozen=True)
class Into:
    """A table that rows are gathered for, the columns they fill, and what happens where a row of that key is there."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    on_conflict: str = ""

    @cached_property
    def statement(self) -> bytes:
        """One INSERT for any number of rows, given as JSON; nothing is read back, so a writer need not be a reader."""
        listed, named = ", ".join(self.columns), f'"{self.table}"'
        rows = f"json_populate_recordset(NULL::{named}, CAST(%s AS json))"
        conflict = f"ON CONFLICT ({', '.join(self.key)}) {self.on_conflict}" if self.key else ""
        return f"INSERT INTO {named} ({listed}) SELECT {listed} FROM {rows} {conflict}".encode()  # noqa: S608

    def rounds(self, rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
        """The rows in as many turns as one key comes again: one statement may touch a row only once."""
        while rows:
            turn: dict[tuple[Any, ...], dict[str, Any]] = {}
            again = []
            for number, row in enumerate(rows):
                place = tuple(row[name] for name in self.key) or (number,)
                if turn.setdefault(place, row) is not row:
                    again.append(row)
            yield list(turn.values())
            rows = again


def into(table: type[Any], key: tuple[str, ...] = (), on_conflict: str = "") -> Into:
    """All columns of a mapped table."""
    return Into(table.__tablename__, tuple(table.__table__.columns.keys()), key, on_conflict)


@dataclass
class _Gathered:
    rows: list[dict[str, Any]] = field(default_factory=list)
    written: int = 0


@dataclass
class _Memory:
    gathered: dict[Into, _Gathered] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)
    marks: dict[SessionTransaction, dict[Into, tuple[int, int]]] = field(default_factory=dict)

    def mark(self, savepoint: SessionTransaction) -> None:
        self.marks[savepoint] = {into: (len(found.rows), found.written) for into, found in self.gathered.items()}

    def take_back(self, savepoint: SessionTransaction) -> None:
        # a mark is kept beyond the savepoint's end, which comes before its rollback is told
        mark = self.marks.pop(savepoint)
        for into, found in self.gathered.items():
            length, found.written = mark.get(into, (0, 0))
            del found.rows[length:]
        self.known.clear()  # locks taken inside are gone, and objects changed inside are stale


def _memory(session: AsyncSession | Session) -> _Memory:
    found: _Memory | None = session.info.get("memory")
    if found is None:
        found = session.info["memory"] = _Memory()
    return found


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _memory(session).mark(transaction)


@event.listens_for(Session, "after_soft_rollback")
def _take_back_savepoint(session: Session, previous_transaction: SessionTransaction) -> None:
    if previous_transaction.nested:
        _memory(session).take_back(previous_transaction)


def gather(session: AsyncSession, into: Into, row: dict[str, Any]) -> None:
    """The row will stand in its table when the transaction ends well. Rows of one table are written in this order."""
    _memory(session).gathered.setdefault(into, _Gathered()).rows.append(row)


async def write_out(session: AsyncSession) -> None:
    """Everything changed or gathered so far has been written; a constraint that it breaks is raised here.

    What was gathered goes out at once, whatever the number of tables: the server answers when it has all of it.

    Raises    sqlalchemy.exc.IntegrityError, psycopg.IntegrityError
    """
    await session.flush()
    gathered = _memory(session).gathered
    waiting = [
        (target.statement, orjson.dumps(turn).decode())
        for target, found in gathered.items()
        for turn in target.rounds(found.rows[found.written :])
    ]
    if waiting:
        line = await driver_connection(session)
        async with line.pipeline():
            for statement, rows in waiting:
                await line.execute(statement, (rows,))
        for found in gathered.values():
            found.written = len(found.rows)


async def ask_all(session: AsyncSession, *questions: tuple[bytes, Sequence[Any]]) -> list[list[Any]]:
    """What the database says to several statements, in this order and in one breath; what waits is not written first."""
    line = await driver_connection(session)
    async with line.pipeline():
        asked = [await line.execute(question, values) for question, values in questions]
    return [await cursor.fetchall() if cursor.description else [] for cursor in asked]


async def driver_connection(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The driver's own connection, in the transaction of the session."""
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    assert isinstance(raw, psycopg.AsyncConnection)
    return raw


def recall(session: AsyncSession, key: Any) -> Any:
    """What the transaction has learnt under a key, or None."""
    return _memory(session).known.get(key)


def learn(session: AsyncSession, key: Any, value: R) -> R:
    """The transaction knows this from now on; it is the caller's duty that it stays true until the end."""
    _memory(session).known[key] = value
    return value


def forget(session: AsyncSession, key: Any) -> None:
    """What was learnt under a key is asked for again."""
    _memory(session).known.pop(key, None)


def held(session: AsyncSession, table: type[R], record_id: Any) -> R | None:
    """The record, if this transaction holds it."""
    found: R | None = recall(session, (table, record_id))
    return found


def hold(session: AsyncSession, record: R) -> R:
    """A record that this transaction has locked or made is asked for no more."""
    identity = inspect(record, raiseerr=True).mapper.primary_key_from_instance(record)
    return learn(session, (type(record), identity[0]), record)


async def lock(session: AsyncSession, table: type[R], record_id: UUID) -> R:
    """The record, locked until the transaction ends.

    Raises    sqlalchemy.exc.NoResultFound
    """
    known = held(session, table, record_id)
    if known is not None:
        return known
    await session.flush()  # reading under a lock overwrites what is changed and not yet written
    return hold(session, await session.get_one(table, record_id, with_for_update=True))
