"""A city's ledger taken in, and the half-year report from it: on the ledger as it is, and on ten times as many visits.

The ledger is the one beside the project if it is there, else one made up here of the same size. The peer answers the
three main questions of the report in plain Python from the CSV files, in the same run on the same machine.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.made_ledger import write_ledger
from benchmarks.report import last_line, machine, spread, table
from liandong.intake.actions import import_ledger
from liandong.kernel import secrets
from liandong.kernel.db import Database, Role
from liandong.kernel.settings import settings
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.queries import efficiency_report
from liandong.runtime import database

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "replay" / "cangzhou-2021h1"
HALF_YEAR = Period(date(2021, 1, 1), date(2021, 6, 30))
RUNS = int(os.environ.get("BENCH_REPORTS", "15"))
TIMES = 10
AIM = {"rows_per_second": 5000, "report_ms": 300}


@asynccontextmanager
async def throwaway() -> Any:
    """A database of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="liandong-bench-") as home:
        os.environ["LIANDONG_HOME"] = home
        settings.cache_clear()
        secrets.derive.cache_clear()
        async with database() as db:
            yield db


async def take_in(db: Database, folder: Path) -> tuple[str, int, float]:
    """The area of the ledger, how many rows it has, and how long it took."""
    began = time.perf_counter()
    async with db.transaction(Role.worker) as session:
        report = await import_ledger(session, folder)
    return report.area, sum(one.rows for one in report.files.values()), time.perf_counter() - began


async def reports(db: Database, area: str) -> tuple[list[float], dict[str, Any]]:
    """How long each report took, and what it says."""
    times = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        async with db.transaction(Role.worker) as session:
            body = (await efficiency_report(session, area, HALF_YEAR, "year")).body()
        times.append(time.perf_counter() - began)
    return times[1:], body


async def multiply(db: Database) -> int:
    """Nine more copies of every visit, each moved by some days within its half-year. Returns how many there are now."""
    async with db.transaction(Role.worker) as session:
        await session.execute(
            text(
                """
                INSERT INTO inspection (id, number, state, origin, kind, mode, source_id, campaign_id, officer_ids,
                                        inspected_on, arrived_at, received_at, area_code)
                SELECT gen_random_uuid(), number || '-' || copy, state, origin, kind, mode, source_id, campaign_id,
                       officer_ids, start_on + (inspected_on - start_on + copy * 13) % 181, arrived_at, received_at,
                       area_code
                FROM (SELECT i.*, date_trunc('year', inspected_on)::date
                              + CASE WHEN extract(month FROM inspected_on) > 6 THEN 184 ELSE 0 END AS start_on
                      FROM inspection i) visit, generate_series(1, :more) copy
                """
            ),
            {"more": TIMES - 1},
        )
        await session.execute(text("ANALYZE inspection"))
        return int((await session.execute(text("SELECT count(*) FROM inspection"))).scalar_one())


def read(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of the ledger."""
    packed, plain = folder / f"{name}.csv.gz", folder / f"{name}.csv"
    with gzip.open(packed, "rt", encoding="utf-8-sig") if packed.exists() else plain.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def peer(folder: Path) -> tuple[float, tuple[int, int]]:
    """How long plain Python needs to count visits and turnouts of the half-year, and what it counts."""
    began = time.perf_counter()
    visits = turnouts = 0
    for row in read(folder, "inspections"):
        if "2021-01-01" <= row["检查日期"] <= "2021-06-30":
            visits += 1
            turnouts += len(row["执法人员证号"].split(";"))
    return time.perf_counter() - began, (visits, turnouts)


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    with tempfile.TemporaryDirectory(prefix="liandong-ledger-") as made:
        folder = BESIDE if BESIDE.exists() else write_ledger(Path(made))
        async with throwaway() as db:
            area, rows, seconds = await take_in(db, folder)
            _, _, again = await take_in(db, folder)
            loaded, body = await reports(db, area)
            plain_seconds, counted = peer(folder)
            assert counted == (body["site_visits"]["value"], body["officer_turnouts"]["value"])
            visits = await multiply(db)
            tenfold, large = await reports(db, area)
            assert large["site_visits"]["value"] == TIMES * body["site_visits"]["value"]
    figures = {
        "import": {"rows": rows, "seconds": round(seconds, 2), "rows_per_second": round(rows / seconds)},
        "import_again": {"seconds": round(again, 2), "rows_per_second": round(rows / again)},
        "report_ms": spread(loaded),
        "report_ms_on_tenfold": {**spread(tenfold), "inspections": visits},
        "growth": round(sorted(tenfold)[RUNS // 2] / sorted(loaded)[RUNS // 2], 2),
        "plain_python_ms": round(plain_seconds * 1000, 1),
        "ledger": "beside the project" if folder == BESIDE else "made up",
        "aim": AIM,
        "machine": ran_on,
    }
    table(
        "ledger",
        [
            (f"import of {rows} rows", figures["import"]["rows_per_second"], f"rows/s (aim {AIM['rows_per_second']})"),
            ("the same import again", figures["import_again"]["rows_per_second"], "rows/s"),
            ("half-year report, p50", figures["report_ms"]["p50"], f"ms (aim {AIM['report_ms']})"),
            ("half-year report, max", figures["report_ms"]["max"], "ms"),
            (f"the same on {visits} visits, p50", figures["report_ms_on_tenfold"]["p50"], "ms"),
            ("times as long for ten times the data", figures["growth"], ""),
            ("peer: plain Python, visits and turnouts only", figures["plain_python_ms"], "ms"),
        ],
    )
    last_line({"ledger": figures})


if __name__ == "__main__":
    asyncio.run(main())
