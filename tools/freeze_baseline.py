"""Write the first migration from the tables, while nothing is released yet. Afterwards migrations are written by hand."""

from itertools import groupby
from pathlib import Path

from sqlalchemy import create_mock_engine

from liandong import tables
from liandong.kernel.db import Base
from liandong.registers.access.row_security import statements

TARGET = Path(__file__).resolve().parents[1] / "migrations" / "versions" / "0001_baseline.sql"


def baseline() -> str:
    """The whole schema as one SQL script."""
    assert tables.ROOMS
    found = ["CREATE EXTENSION IF NOT EXISTS pg_trgm"]
    engine = create_mock_engine(
        "postgresql+psycopg://", lambda ddl, *_, **__: found.append(str(ddl.compile(dialect=engine.dialect)).strip())
    )
    Base.metadata.create_all(engine, checkfirst=False)
    lines = (
        line.rstrip()
        for part in _indexes_in_order(found) + statements()
        for line in (part.strip() + ";\n").splitlines()
    )
    return "\n".join(line for line in lines if line).replace(";\nCREATE TABLE", ";\n\nCREATE TABLE") + "\n"


def _indexes_in_order(parts: list[str]) -> list[str]:
    """The statements with each table's indexes by name: SQLAlchemy gives them as they lie in a set."""
    return [
        part
        for is_index, run in groupby(parts, lambda part: part.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")))
        for part in (sorted(run) if is_index else run)
    ]


if __name__ == "__main__":
    TARGET.write_text(baseline(), encoding="utf-8")
