"""`make prove-ownership ORDERS=100000 SEED=7`: every clue had one owner all the time, or the exit status says so."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

FINDINGS_SHOWN = 50


def main() -> int:
    """The run is carried out and reported; 0 only if nothing was found."""
    parser = argparse.ArgumentParser(prog="make prove-ownership", description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1, 10**9) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="liandong-ownership-"))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else, and has its socket here
    for name in [name for name in os.environ if name.startswith("LIANDONG_")]:
        del os.environ[name]
    os.environ |= {"LIANDONG_HOME": str(folder), "LIANDONG_SECRET": "the secret of a proof"}
    try:
        return asyncio.run(_run(given.orders, seed))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(count: int, seed: int) -> int:
    from liandong.kernel.db import Database, Role  # noqa: PLC0415  the settings are read when this is imported
    from tests import databases  # noqa: PLC0415
    from tests.ownership.run import carry_out  # noqa: PLC0415
    from tests.world import World, load  # noqa: PLC0415

    began = time.monotonic()
    cast: list[World] = []

    async def fill(database: Database) -> None:
        async with database.transaction(Role.worker) as session:
            cast.append(await load(session))

    with databases.server() as running:
        stock = databases.Stock(running)
        db = stock.copy(await stock.template("cast", fill, on=await stock.template("empty")))
        print(f"prove-ownership: ORDERS={count} SEED={seed}", flush=True)
        say = lambda words: print(f"  {time.monotonic() - began:6.0f} s  {words}", flush=True)  # noqa: E731
        outcome = await carry_out(db, cast[0], count, seed, say)
        await db.close()
    for finding in outcome.findings[:FINDINGS_SHOWN]:
        print(f"  {finding}")
    print(json.dumps(outcome.figures, ensure_ascii=False))
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
