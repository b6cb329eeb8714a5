"""The limit: the rows that the inspections left behind, inserted once more by a bare loop without any of our code.

Each inspection is one transaction with one executemany a table, from as many connections as there were clients, into
copies of the tables with their indexes (foreign keys, row-level security and triggers left out). Nothing is checked,
signed, numbered or decided: the distance to this is what the rest costs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

OWNED = {
    "inspection": "task_id", "checklist_answer": "task_id", "problem": "task_id", "problem_move": "task_id",
    "signature": "task_id", "ledger_fact": "task_id", "deed": "task_id",
}  # fmt: skip
"""Tables that an inspection leaves rows in, and the column that says which task they belong to."""

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Limit:
    """What the bare loop did."""

    transactions: int
    rows: int
    seconds: float
    cpu_seconds: float


def run_limit(conninfo: str, task_ids: Sequence[str], connections: int, cpu_used: Callable[[], float]) -> Limit:
    """The rows of these tasks inserted again, one transaction a task. `cpu_used` tells the CPU seconds used so far."""
    with psycopg.connect(conninfo, autocommit=True) as owner:
        columns = {table: _copy(owner, table) for table in OWNED}
        visits = [_rows(owner, columns, task_id) for task_id in task_ids]
        statements = {table: _insert(table, names) for table, names in columns.items()}
        used = cpu_used()
        seconds = _time(conninfo, statements, [visits[place::connections] for place in range(connections)])
        used = cpu_used() - used
        for table in OWNED:
            owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(f"limit_{table}")))
    return Limit(len(visits), sum(len(rows) for visit in visits for rows in visit.values()), seconds, used)


def _copy(owner: psycopg.Connection[Any], table: str) -> list[str]:
    """An empty copy of a table with its indexes; returns its columns that are filled by whoever inserts."""
    names = sql.Identifier(f"limit_{table}"), sql.Identifier(table)
    owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(*names))
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'"
    return [row[0] for row in owner.execute(asked, (table,)).fetchall()]


def _rows(owner: psycopg.Connection[Any], columns: dict[str, list[str]], task_id: str) -> Rows:
    found = {}
    for table, key in OWNED.items():
        listed = sql.SQL(", ").join(map(sql.Identifier, columns[table]))
        asked = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(listed, sql.Identifier(table), sql.Identifier(key))
        found[table] = [tuple(map(_ready, row)) for row in owner.execute(asked, (task_id,)).fetchall()]
    return found


def _ready(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def _insert(table: str, columns: Iterable[str]) -> sql.Composed:
    names = list(columns)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(f"limit_{table}"),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )


def _time(conninfo: str, statements: dict[str, sql.Composed], shares: Sequence[Sequence[Rows]]) -> float:
    start = threading.Barrier(len(shares) + 1)

    def insert(share: Sequence[Rows]) -> None:
        with psycopg.connect(conninfo) as line:
            start.wait()
            for visit in share:
                with line.cursor() as cursor:
                    for table, rows in visit.items():
                        cursor.executemany(statements[table], rows)
                line.commit()

    threads = [threading.Thread(target=insert, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return time.monotonic() - began
