"""Thousands of rows in a few statements: staged by COPY, then merged by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.memory import driver_connection

_numbers = count(1)


@dataclass
class Merged:
    """The keys of the rows that were inserted and of those that were changed."""

    created: set[Any] = field(default_factory=set)
    updated: set[Any] = field(default_factory=set)


async def stage(session: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The name of a temporary table with these columns of `table`, filled with `rows`; it goes with the transaction."""
    name = f"staged_{next(_numbers)}_{table}"
    listed = ", ".join(columns)
    await session.execute(text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"))  # noqa: S608
    await copy_into(session, name, columns, rows)
    return name


async def copy_into(session: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Afterwards `rows` stand in `table`; a dict becomes JSON."""
    async with (
        (await driver_connection(session)).cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            await copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])


async def merge(
    session: AsyncSession,
    table: str,
    columns: Sequence[str],
    rows: Collection[Sequence[Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] = (),
    only_if: str = "true",
) -> Merged:
    """Afterwards every row is in `table`, found by its unique `key`.

    A row that was there gets the values of `update` if one of them differs and `only_if` (SQL over the row as it
    stands, by the table's name) holds. No key may come twice.
    """
    if not rows:
        return Merged()
    staged = await stage(session, table, columns, rows)
    listed, keys = ", ".join(columns), ", ".join(key)
    action = "DO NOTHING"
    if update:
        sets = ", ".join(f"{column} = excluded.{column}" for column in update)
        old = ", ".join(f"{table}.{column}" for column in update)
        new = ", ".join(f"excluded.{column}" for column in update)
        action = f"DO UPDATE SET {sets} WHERE ({old}) IS DISTINCT FROM ({new}) AND ({only_if})"
    returned = ", ".join(f"{table}.{column}" for column in key)
    result = await session.execute(
        text(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {staged}"  # noqa: S608
            f" ON CONFLICT ({keys}) {action} RETURNING (xmax = 0) AS is_new, {returned}"
        )
    )
    merged = Merged()
    for row in result:
        found = row[1] if len(key) == 1 else tuple(row[1:])
        (merged.created if row.is_new else merged.updated).add(found)
    return merged
