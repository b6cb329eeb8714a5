"""The database's own lock, behind the gate: tried with bare SQL as the role that serves people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong import tables
from liandong.kernel.db import Base, Database, Role
from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import refreshed
from liandong.registers.access.row_security import guarded_tables
from liandong.registers.access.scoped import Scoped
from liandong.registers.access.vocabulary import VERBS
from tests.access.scene import Scene
from tests.world import Person, World

assert tables.ROOMS
GUARDED = {table.__tablename__: table for table in guarded_tables()}  # type: ignore[attr-defined]
BESIDE = {"assignment", "urging", "deed", "ledger_fact", "upload", "upload_part", "memorandum_member"}
"""Tables with a rule of their own."""
OF_DEVICES = {"dock_upload", "dock_upload_part"}
"""Tables that the role which serves people cannot read at all."""
BY_DEVICES = {"dock_file"}
"""Tables that people read and devices alone write."""
ON_THEIR_WAY = {"upload", "upload_part"}
"""Files that are no record yet: whoever sends one may give it up, and nobody else."""
OPEN = {"account", "sign_in_session", "task_grant", "ally_grant", "area", "agency", "officer", "certificate", "roster_entry", "duty",
        "enterprise", "blob", "no_fly_zone", "campaign", "campaign_target", "draw_entry", "figure", "ledger_head", "delivery",
        "timetable_run"}  # fmt: skip
"""Tables that hold no record of one area's work: directories, who is signed in, what was drawn and counted, the
machinery. Whoever adds a table says here, or by inheriting `Scoped`, which of the two it is."""
READ_VERBS = {"clue": "clues:read", "task": "tasks:read", "inspection": "inspections:read", "problem": "problems:read",
              "checklist_answer": "inspections:read", "signature": "inspections:read", "evidence": "evidence:read",
              "problem_move": "problems:read", "look_back": "problems:read", "source": "sources:read",
              "position": "tasks:read", "aircraft": "drones:read", "autopilot": "drones:read", "mission": "drones:read",
              "flight_order": "drones:read", "dock": "drones:read", "dock_file": "drones:read", "memorandum": "memoranda:read",
              "referral": "referrals:read"}  # fmt: skip


async def keys(session: AsyncSession, table: type[Scoped]) -> set[Any]:
    key = inspect(table).primary_key  # type: ignore[union-attr]
    return {tuple(row) for row in await session.execute(select(*key))}


async def all_rows(db: Database, table: type[Scoped]) -> list[Any]:
    async with db.transaction(Role.worker) as session:
        return list((await session.scalars(select(table))).all())


def key_of(row: Any) -> tuple[Any, ...]:
    return tuple(inspect(row, raiseerr=True).mapper.primary_key_from_instance(row))


def should_see(actor: Actor, row: Any) -> bool:
    """The rule in plain Python: it lies in my area, hangs from my task, is of the source of my task, or belongs to us too."""
    parties = set(getattr(row, row.parties_key)) if row.parties_key else set()
    shared = bool(row.share) and (row.share, row.memorandum_id) in actor.granted
    task = getattr(row, row.task_key) if row.task_key else None
    source = getattr(row, row.source_key) if row.source_key else None
    return (
        row.area_code in actor.areas
        or task in actor.tasks
        or source in actor.sources
        or bool(parties & actor.areas)
        or shared
    )


def watchers(world: World) -> list[Person]:
    east, south = world.east, world.south
    near = [east.dispatcher, east.lin, south.luo, south.dispatcher, world.north.leader]
    return [*near, world.chief, world.foreign.leader, world.admin]


def test_every_table_is_either_guarded_or_said_to_be_open() -> None:
    assert set(Base.metadata.tables) == set(GUARDED) | BESIDE | OPEN | OF_DEVICES
    for name in OPEN - {"agency", "ally_grant", "area", "officer", "roster_entry", "campaign", "draw_entry", "figure"}:
        assert "area_code" not in Base.metadata.tables[name].columns, f"{name} lies in an area and is not guarded"


async def test_the_scene_has_a_row_of_every_kind(db: Database, scene: Scene) -> None:
    for name, table in GUARDED.items():
        if name in READ_VERBS and name != "look_back":
            assert await all_rows(db, table), name


async def test_without_a_scope_no_guarded_row_is_seen(db: Database, scene: Scene) -> None:
    for scope in (None, {"areas": "", "tasks": "", "sources": "", "account": ""}):
        async with db.transaction(Role.app, scope) as session:
            for name in [*GUARDED, *BESIDE]:
                count = await session.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608
                assert count == 0, f"{name} with {scope}"


async def test_what_only_devices_need_no_person_reads(db: Database, scene: Scene, world: World) -> None:
    actor = await refreshed(db, world.chief.account_id)
    for name in OF_DEVICES:
        await violates(db, actor.scope(), text(f"SELECT 1 FROM {name}"))  # noqa: S608


async def test_with_a_scope_exactly_ones_own_rows_are_seen(db: Database, scene: Scene, world: World) -> None:
    for person in watchers(world):
        actor = await refreshed(db, person.account_id)
        async with db.transaction(Role.app, actor.scope()) as session:
            for name, table in GUARDED.items():
                mine = {key_of(row) for row in await all_rows(db, table) if should_see(actor, row)}
                assert await keys(session, table) == mine, f"{name} by {person.login}"


async def test_the_gate_shows_no_more_and_no_less_than_the_lock(db: Database, scene: Scene, world: World) -> None:
    for person in watchers(world):
        actor = await refreshed(db, person.account_id)
        if "tasks:read" not in actor.verbs:
            continue
        for name, verb in READ_VERBS.items():
            table = GUARDED[name]
            key = inspect(table).primary_key  # type: ignore[union-attr]
            rows = gate.visible(actor, verb, table).with_only_columns(*key)
            async with db.transaction(Role.worker) as session:  # which the lock lets see everything
                by_gate = {tuple(row) for row in await session.execute(rows)}
            async with db.transaction(Role.app, actor.scope()) as session:
                by_lock = await keys(session, table)
            assert by_gate == by_lock, f"{name} by {person.login}"


async def test_the_tables_with_a_rule_of_their_own(db: Database, scene: Scene, world: World) -> None:
    seen: dict[str, dict[str, int]] = {}
    for person in (world.east.dispatcher, world.south.luo, world.south.dispatcher):
        actor = await refreshed(db, person.account_id)
        async with db.transaction(Role.app, actor.scope()) as session:
            counts = {name: await session.scalar(text(f"SELECT count(*) FROM {name}")) for name in BESIDE}  # noqa: S608
        seen[person.login] = {name: count or 0 for name, count in counts.items()}
    assert seen["dispatcher.south"] == dict.fromkeys(BESIDE, 0)
    assert (seen["luo.south"]["assignment"], seen["dispatcher.east"]["assignment"]) == (2, 2)
    assert (seen["luo.south"]["deed"], seen["dispatcher.east"]["deed"]) == (6, 0)  # a deed is its sender's
    async with db.transaction(Role.worker) as session:
        in_east = "SELECT count(*) FROM ledger_fact WHERE area_code = '990101'"
        of_task = f"{in_east} AND (task_id = '{scene.task}' OR author_id = '{world.south.luo.account_id}')"
        assert seen["dispatcher.east"]["ledger_fact"] == await session.scalar(text(in_east))
        assert seen["luo.south"]["ledger_fact"] == await session.scalar(text(of_task))


# --- writing ---------------------------------------------------------------------------------------------------------


async def violates(db: Database, scope: Mapping[str, str], statement: Any, values: Any = None) -> str:
    """The statement is refused as this role; the refusal in the database's words."""
    with pytest.raises(ProgrammingError) as refused:
        await do(db, Role.app, scope, statement, values)
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), refused.value
    return str(refused.value.orig)


async def do(db: Database, role: Role, scope: Mapping[str, str] | None, statement: Any, values: Any = None) -> int:
    async with db.transaction(role, scope) as session:
        result = await session.execute(statement, values or {})
        return int(getattr(result, "rowcount", 0))


async def test_nobody_writes_into_a_neighbours_area(db: Database, scene: Scene, world: World) -> None:
    neighbour = (await refreshed(db, world.south.dispatcher.account_id)).scope()
    for name in READ_VERBS:
        table = Base.metadata.tables[name]
        [row, *_] = await all_rows(db, GUARDED[name]) or [None]
        if row is None:
            continue
        copied = {column.key: getattr(row, column.key) for column in inspect(GUARDED[name]).columns}  # type: ignore[union-attr]
        said = await violates(db, neighbour, insert(table).values(**copied).inline())
        assert ("permission denied" if name in BY_DEVICES else "row-level security") in said, name


async def test_nobody_changes_or_moves_what_lies_elsewhere(db: Database, scene: Scene, world: World) -> None:
    neighbour = (await refreshed(db, world.south.dispatcher.account_id)).scope()
    home = (await refreshed(db, world.east.dispatcher.account_id)).scope()
    for name in sorted(set(READ_VERBS) - {"evidence"} - BY_DEVICES):
        table = Base.metadata.tables[name]
        moved = update(table).where(table.c.area_code == "990101").values(area_code="990102")
        if GUARDED[name].parties_key:
            assert "permission denied" in await violates(db, neighbour, moved), name
            continue
        assert await do(db, Role.app, neighbour, moved) == 0, name
        if await all_rows(db, GUARDED[name]):
            said = await violates(db, home, moved)
            assert "row-level security" in said, name


NEVER = [
    "UPDATE ledger_fact SET words = '改'",
    "UPDATE evidence SET purpose = '改'",
    "UPDATE blob SET size = 1",
    "UPDATE dock_file SET order_id = NULL",
    "UPDATE deed SET body = '{}'",
    "UPDATE deed SET digest = '0'",
    "UPDATE ledger_head SET seq = 0",
    "INSERT INTO ledger_head VALUES (2, 0, '')",
    "INSERT INTO delivery (id, entry_no, handler, due_at, tries) VALUES (gen_random_uuid(), 1, 'x', now(), 0)",
    "UPDATE delivery SET done_at = now()",
    "ALTER TABLE clue DISABLE ROW LEVEL SECURITY",
    "DROP POLICY people ON clue",
    "CREATE TABLE own (id int)",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE liandong_app BYPASSRLS",
    "GRANT liandong_worker TO liandong_app",
    "CREATE ROLE another SUPERUSER",
    "COPY clue TO '/tmp/stolen'",
]


async def test_what_serves_people_can_never_do(db: Database, scene: Scene, world: World) -> None:
    everything = (await refreshed(db, world.chief.account_id)).scope()
    for statement in NEVER:
        assert await violates(db, everything, text(statement)), statement
    for name in Base.metadata.tables:
        for verb in ("TRUNCATE",) if name in ON_THEIR_WAY else ("DELETE FROM", "TRUNCATE"):
            assert await violates(db, everything, text(f"{verb} {name}")), (verb, name)


async def test_switching_the_lock_off_shows_an_error_and_not_the_rows(db: Database, scene: Scene) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await do(db, Role.app, None, text("SET LOCAL row_security = off; SELECT * FROM clue"))


async def test_a_scope_ends_with_its_transaction(db: Database, scene: Scene, world: World) -> None:
    """The next request gets the same connection from the pool and must not inherit anybody's eyes."""
    scope = (await refreshed(db, world.chief.account_id)).scope()
    async with db.transaction(Role.app, scope) as session:
        first = await session.scalar(text("SELECT pg_backend_pid()"))
        assert await session.scalar(text("SELECT count(*) FROM clue"))
    async with db.transaction(Role.app) as session:
        assert await session.scalar(text("SELECT pg_backend_pid()")) == first
        assert await session.scalar(text("SELECT count(*) FROM clue")) == 0


async def test_the_roles_own_nothing_and_cannot_pass_the_lock(db: Database) -> None:
    roles = ", ".join(f"'{role}'" for role in Role)
    about = (
        f"SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname IN ({roles})"  # noqa: S608
    )
    owned = f"SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE r.rolname IN ({roles})"  # noqa: S608
    member = f"SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname IN ({roles})"  # noqa: S608
    definer = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    locked = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    async with db.transaction(Role.worker) as session:
        rows = (await session.execute(text(about))).all()
        assert [tuple(row)[1:] for row in rows] == [(False,) * 4] * len(Role)
        assert (await session.execute(text(owned))).all() == []
        assert (await session.execute(text(member))).all() == []
        assert (await session.execute(text(definer))).all() == []
        assert set((await session.scalars(text(locked))).all()) == set(GUARDED) | BESIDE


async def test_the_feed_role_reads_the_ledger_and_nothing_else(db: Database, scene: Scene) -> None:
    async with db.transaction(Role.feed) as session:
        assert await session.scalar(text("SELECT count(*) FROM ledger_fact"))
    for name in sorted(set(Base.metadata.tables) - {"ledger_fact", "delivery"}):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await do(db, Role.feed, None, text(f"SELECT 1 FROM {name}"))  # noqa: S608


async def test_the_gate_alone_also_says_no(db: Database, scene: Scene, world: World) -> None:
    """Where the lock is open, as for the worker, the gate still refuses."""
    actor = await refreshed(db, world.south.dispatcher.account_id)
    async with db.transaction(Role.worker) as session:
        with pytest.raises(Refused) as refused:
            await gate.find(session, actor, "problems:read", GUARDED["problem"], UUID(scene.problem))
    assert (refused.value.code, refused.value.status) == ("kernel.not_found", 404)
    assert set(READ_VERBS.values()) <= set(VERBS)
