"""The migrated database is what the tables say, and going to the newest version twice changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, text

from liandong import runtime, tables
from liandong.kernel.db import Base, Database
from liandong.kernel.paths import migrations_folder
from tools.freeze_baseline import TARGET, baseline

assert tables.ROOMS


async def test_the_schema_is_what_the_tables_say(db: Database) -> None:
    engine = create_engine(db.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        different = [change for change in compare_metadata(context, Base.metadata) if not is_ours(change)]
    engine.dispose()
    assert different == []


def is_ours(change: Any) -> bool:
    """The table in which alembic keeps its own version."""
    return change[0] == "remove_table" and change[1].name == "alembic_version"


async def test_checks_and_locks_are_what_the_tables_say(db: Database) -> None:
    """What alembic does not compare: check constraints by name, tables under lock, and every policy."""
    engine = create_engine(db.url)
    with engine.connect() as connection:
        checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        present = set(connection.execute(text(checks)).scalars())
    engine.dispose()
    said = {
        str(check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint) and check.name
    }
    assert present == said


async def test_preparing_again_changes_nothing(db: Database) -> None:
    before = dump(db)
    runtime.prepare(db.url)
    assert dump(db) == before


def dump(db: Database) -> list[Any]:
    engine = create_engine(db.url)
    with engine.connect() as connection:
        columns = "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        rows = connection.execute(text(f"{columns} WHERE table_schema = 'public' ORDER BY 1, 2")).all()
        policies = connection.execute(text("SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2")).all()
    engine.dispose()
    return [*rows, *policies]


def test_migrations_form_one_line() -> None:
    scripts = ScriptDirectory(str(migrations_folder()))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_while_there_is_one_migration_it_is_the_tables_own() -> None:
    """Until something is released the baseline is written anew by tools/freeze_baseline.py."""
    versions = list(Path(migrations_folder(), "versions").glob("*.py"))
    if len(versions) == 1:
        frozen = TARGET.read_text(encoding="utf-8").splitlines()
        assert sorted(frozen) == sorted(baseline().splitlines())  # indexes of one table have no order
