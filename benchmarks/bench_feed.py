"""From a deed to the screens: how long until each of 200 open screens has a fact, while inspections come in."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text

from benchmarks.load import check, parcels_for, shares_of, until_stamped
from benchmarks.report import last_line, machine, spread, table
from benchmarks.rig import Rig, rig
from benchmarks.screens import RECORD
from benchmarks.senders import Parcel, Sent, send_all
from benchmarks.stage import open_session, prepare
from benchmarks.visits import shape
from liandong.kernel.db import Role

PORT = 18410
SCREENS = 200
CLIENTS = 8
EVERY_S = 1.0
"""Eight phones that each hand in a whole visit every second: far more than a city does."""
SECONDS = int(os.environ.get("BENCH_FEED_SECONDS", "20"))
WARM_UP = 40
AIM_P99_MS = 1000


@dataclass(frozen=True)
class Phase:
    """What one phase used: seconds of CPU by part, and what the clients saw."""

    cpu: dict[str, float]
    sent: list[Sent]


async def main() -> None:
    """Measure and print."""
    ran_on, each = machine(), CLIENTS * SECONDS
    async with rig(PORT) as running:
        errands = await prepare(running.db, WARM_UP + 2 * each)
        token = await open_session(running.db, "wall")
        await running.serve()
        parcels = await parcels_for(errands, PORT)
        check(send_all([PORT], shares_of(parcels[:WARM_UP], CLIENTS)))
        await until_stamped(running)
        without = await _phase(running, parcels[WARM_UP : WARM_UP + each])
        file = running.home / "arrivals"
        with _screens(running, token, file) as end:
            seen = await _phase(running, parcels[WARM_UP + each :])
            await asyncio.to_thread(end, await _last_seq(running))
        figures = await _figures(running, seen, without, parcels[WARM_UP + each :], file)
    last_line({"feed": {**figures, "shape": shape(errands), "machine": ran_on}})


@contextmanager
def _screens(running: Rig, token: str, file: Path) -> Iterator[Callable[[int], None]]:
    """Every screen is open, in a process of their own. What it gives ends them all once each has the fact of a number."""
    words = [sys.executable, "-m", "benchmarks.screens", str(PORT), token, str(SCREENS), str(file)]
    program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    running.programs["screens"] = [program]
    assert program.stdout
    if program.stdout.readline().strip() != b"open":
        raise SystemExit("the screens did not open")

    def end(last_seq: int) -> None:
        running.programs.pop("screens")
        program.communicate(f"{last_seq}\n".encode())

    yield end


async def _last_seq(running: Rig) -> int:
    async with running.db.transaction(Role.worker) as session:
        return int((await session.execute(text("SELECT seq FROM ledger_head"))).scalar_one())


async def _phase(running: Rig, parcels: Sequence[Parcel]) -> Phase:
    before = running.cpu()
    sent = await asyncio.to_thread(send_all, [PORT], shares_of(parcels, CLIENTS), EVERY_S)
    await until_stamped(running)
    after = running.cpu()
    check(sent)
    return Phase({name: after[name] - before[name] for name in after}, sent)


async def _figures(running: Rig, seen: Phase, without: Phase, parcels: Sequence[Parcel], file: Path) -> dict[str, Any]:
    began, ended = _times(seen.sent, shares_of(parcels, CLIENTS))
    facts = await _facts(running, list(began))
    arrivals = list(RECORD.iter_unpack(await asyncio.to_thread(file.read_bytes)))
    mine = [(facts[seq], at) for seq, at in arrivals if seq in facts]
    missing = len(facts) * SCREENS - len(mine)
    if missing:
        raise SystemExit(f"{missing} of {len(facts) * SCREENS} deliveries are missing or double")
    counted = len(parcels)
    fan_out_us = (seen.cpu["server"] - without.cpu["server"]) / len(mine) * 1e6
    figures = {
        "screens": SCREENS, "submissions": counted, "facts": len(facts), "deliveries": len(mine),
        "deliveries_per_second": round(len(mine) / SECONDS),
        "from_send_ms": spread([at - began[task] for task, at in mine]),
        "from_answer_ms": spread([at - ended[task] for task, at in mine]),
        "answer_ms": spread([one for client in seen.sent for one in client.seconds]),
        "fan_out_cpu_us_per_delivery": round(fan_out_us, 2),
        "cpu_share": {name: round(used / SECONDS, 3) for name, used in seen.cpu.items()},
        "aim_p99_ms": AIM_P99_MS,
    }  # fmt: skip
    _print(figures)
    return figures


def _times(sent: Sequence[Sent], shares: Sequence[Sequence[Parcel]]) -> tuple[dict[str, float], dict[str, float]]:
    """When the visit of each task was sent, and when it was answered."""
    began, ended = {}, {}
    for client, share in zip(sent, shares, strict=True):
        for place, parcel in enumerate(share):
            task_id = orjson.loads(parcel.body)["deeds"][0]["task_id"]
            began[task_id], ended[task_id] = client.began[place], client.ended[place]
    return began, ended


async def _facts(running: Rig, task_ids: list[str]) -> dict[int, str]:
    """The task of every fact that the visits left on the ledger, by the fact's number."""
    rows = text("SELECT seq, task_id::text AS task_id FROM ledger_fact WHERE task_id IS NOT NULL")
    wanted = sorted(task_ids)
    async with running.db.transaction(Role.worker) as session:
        found = {row.seq: row.task_id for row in await session.execute(rows)}
    return {seq: task for seq, task in found.items() if wanted[bisect_left(wanted, task) % len(wanted)] == task}


def _print(figures: dict[str, Any]) -> None:
    send, answer = figures["from_send_ms"], figures["from_answer_ms"]
    table(
        f"{figures['submissions']} inspections, {figures['facts']} facts, {SCREENS} screens: every screen has every fact",
        [
            ("deliveries", figures["deliveries_per_second"], "/s"),
            ("from send to screen p50", send["p50"], "ms"),
            ("from send to screen p95", send["p95"], "ms"),
            ("from send to screen p99", send["p99"], f"ms  (aim {AIM_P99_MS})"),
            ("from answer to screen p50", answer["p50"], "ms"),
            ("from answer to screen p99", answer["p99"], "ms"),
            ("answer to the phone p95", figures["answer_ms"]["p95"], "ms"),
            ("fan-out CPU", figures["fan_out_cpu_us_per_delivery"], "µs a delivery"),
            *((f"CPU {name}", share, "cores") for name, share in figures["cpu_share"].items()),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
