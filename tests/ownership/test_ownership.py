"""Some hundreds of random orders at once; `make prove-ownership` gives a hundred thousand. And the proof itself can fail."""

from __future__ import annotations

from sqlalchemy import text

from liandong.kernel.db import Database, Role
from tests.ownership import books
from tests.ownership.run import carry_out
from tests.world import World


async def test_every_clue_has_one_owner_whatever_is_ordered(db: Database, world: World) -> None:
    outcome = await carry_out(db, world, 600, seed=7, say=lambda words: None)
    assert outcome.findings == []
    done, crashed = outcome.figures["done"], outcome.figures["crashed"]
    wanted = {
        "tell",
        "repeat",
        "accept",
        "return",
        "withdraw",
        "ask",
        "designate",
        "time_out",
        "said_again",
        "peek_refused",
    }
    assert wanted <= set(done)
    assert {"crash_before", "backend_killed", "answer_lost"} == set(crashed)
    await a_second_owner_would_be_found(db)


async def a_second_owner_would_be_found(db: Database) -> None:
    """A clue that is moved past the referrals is missed by none of the books."""
    async with db.transaction(Role.worker) as session:
        moved = "UPDATE clue SET area_code = '990199' WHERE id = (SELECT id FROM clue WHERE offered_to IS NULL LIMIT 1)"
        await session.execute(text("INSERT INTO area (area_code, name, level) VALUES ('990199', '示例', 'county')"))
        await session.execute(text(moved))
    assert (await books.look(db))[1] == 1
    assert any("the ledger says" in found for found in await books.compare(db))
