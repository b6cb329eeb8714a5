"""Who owns what, by four books that were kept apart: the clues, the referrals, every change of an owner, and the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.db import Database, Role
from liandong.registers.access.actor import Actor

HISTORY = """
CREATE TABLE owner_history (entry bigserial PRIMARY KEY, clue_id uuid NOT NULL, former text, owner text NOT NULL);
CREATE FUNCTION note_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN INSERT INTO public.owner_history (clue_id, owner) VALUES (NEW.id, NEW.area_code);
  ELSIF NEW.area_code <> OLD.area_code THEN
    INSERT INTO public.owner_history (clue_id, former, owner) VALUES (NEW.id, OLD.area_code, NEW.area_code);
  END IF; RETURN NULL; END $$;
CREATE TRIGGER note_owner AFTER INSERT OR UPDATE ON clue FOR EACH ROW EXECUTE FUNCTION note_owner();
GRANT SELECT ON owner_history TO liandong_worker;
"""
AT_THIS_INSTANT = """
SELECT count(*) AS clues, count(*) FILTER (
    WHERE clue.area_code IS DISTINCT FROM coalesce(moved.owner, clue_origin.area_code)
       OR (clue.offered_to IS NOT NULL) <> (opened.count = 1) OR opened.count > 1) AS wrong
FROM clue
JOIN LATERAL (SELECT area_code FROM referral WHERE clue_id = clue.id LIMIT 1) AS clue_origin ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN state = 'designated' THEN designated_area ELSE to_area END AS owner FROM referral
    WHERE clue_id = clue.id AND state IN ('accepted', 'asked', 'designated')) AS moved ON true
JOIN LATERAL (
    SELECT count(*) AS count FROM referral WHERE clue_id = clue.id AND state IN ('sent', 'escalated', 'asked')
) AS opened ON true
"""
"""One statement sees one instant, whatever is going on beside it."""


def keep_history(db: Database) -> None:
    """From now on the database itself notes each owner of each clue."""
    with psycopg.connect(
        db.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as owner:
        owner.execute(HISTORY)


async def look(db: Database) -> tuple[int, int]:
    """How many clues there are at this instant, and of how many the owner is not one and the same by both tables."""
    async with db.transaction(Role.worker) as session:
        row = (await session.execute(text(AT_THIS_INSTANT))).one()
        return row.clues, row.wrong


async def compare(db: Database) -> list[str]:
    """What the books, which must agree, disagree about."""
    async with db.transaction(Role.worker, snapshot=True) as session:
        owners = await _owners(session)
        found = [*await _by_history(session, owners), *await _by_ledger(session, owners)]
        doubled = "SELECT count(*) FROM (SELECT id FROM clue GROUP BY id HAVING count(*) > 1) AS doubled"
        if await session.scalar(text(doubled)):
            found.append("a clue is on record twice")
    return found


async def _owners(session: AsyncSession) -> dict[UUID, str]:
    return {row.id: row.area_code for row in await session.execute(text("SELECT id, area_code FROM clue"))}


async def _by_history(session: AsyncSession, owners: Mapping[UUID, str]) -> list[str]:
    course: dict[UUID, list[tuple[str | None, str]]] = defaultdict(list)
    for row in await session.execute(text("SELECT clue_id, former, owner FROM owner_history ORDER BY entry")):
        course[row.clue_id].append((row.former, row.owner))
    found = [
        f"{clue}: the last owner by history is another"
        for clue, steps in course.items()
        if steps[-1][1] != owners.get(clue)
    ]
    found += [f"{clue} has no history" for clue in owners.keys() - course.keys()]
    for clue, steps in course.items():
        if [former for former, _ in steps] != [None, *(owner for _, owner in steps[:-1])]:
            found.append(f"{clue}: an owner is missing in between: {steps}")
    return found


async def _by_ledger(session: AsyncSession, owners: Mapping[UUID, str]) -> list[str]:
    told: dict[UUID, list[str]] = defaultdict(list)
    facts = "SELECT name, subject_id, area_code FROM ledger_fact WHERE name IN ('ClueReceived', 'ClueTakenOver') ORDER BY entry_no"
    for row in await session.execute(text(facts)):
        told[row.subject_id].append(row.area_code)
    return [
        f"{clue}: {owner} owns it, the ledger says {told[clue]}"
        for clue, owner in owners.items()
        if told[clue][-1:] != [owner]
    ]


async def sights(db: Database, watchers: Mapping[str, Actor]) -> list[str]:
    """What somebody sees of what is not his, or does not see of what is. Nobody may be giving orders meanwhile."""
    found: list[str] = []
    async with db.transaction(Role.worker) as session:
        owners = await _owners(session)
        rows = await session.execute(text("SELECT id, area_code, to_area FROM referral"))
        parties = {row.id: {row.area_code, row.to_area} for row in rows}
    for area, actor in watchers.items():
        async with db.transaction(Role.app, actor.scope()) as session:
            seen: dict[str, set[Any]] = {
                name: set((await session.scalars(text(f"SELECT id FROM {name}"))).all())  # noqa: S608
                for name in ("clue", "referral")
            }
        if seen["clue"] != {clue for clue, owner in owners.items() if owner == area}:
            found.append(f"{area} does not see exactly its own clues")
        if seen["referral"] != {key for key, both in parties.items() if area in both}:
            found.append(f"{area} does not see exactly the referrals that it sent or received")
    return found
