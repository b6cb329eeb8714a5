"""Whole inspections sent by eight phones at once through the real API, until every fact of them is stamped."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.limit import run_limit
from benchmarks.load import check, parcels_for, shares_of, until_stamped
from benchmarks.report import last_line, machine, spread, table
from benchmarks.rig import Rig, rig
from benchmarks.senders import Parcel, send_all
from benchmarks.stage import prepare
from benchmarks.visits import shape

PORT = 18400
CLIENTS = 8
WARM_UP = 160
VISITS = int(os.environ.get("BENCH_VISITS", "2000"))
AIM = {"per_second": 150, "p95_ms": 120}
ODK_CENTRAL = {"per_second": 76, "p95_ms": 174, "how": "as published for such a machine, not measured here"}


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    async with rig(PORT) as running:
        errands = await prepare(running.db, WARM_UP + VISITS)
        ports = await running.serve(ran_on["cores"])  # one Python process can use one core
        parcels = await parcels_for(errands, PORT)
        check(send_all(ports, shares_of(parcels[:WARM_UP], CLIENTS)))
        await until_stamped(running)
        figures = await _timed(running, ports, parcels[WARM_UP:])
        figures["limit"] = await _limit(running, [str(errand.task_id) for errand in errands[WARM_UP:]], figures)
    _print(figures)
    last_line({"submissions": {**figures, "shape": shape(errands), "machine": ran_on, "odk_central": ODK_CENTRAL}})


async def _limit(running: Rig, task_ids: list[str], figures: dict[str, Any]) -> dict[str, Any]:
    """What a bare loop reaches with the same rows, and which part of that is reached here."""
    owner = running.db.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def cpu_used() -> float:
        used = running.cpu()
        return used["postgres"] + used["client"]

    found = await asyncio.to_thread(run_limit, owner, task_ids, CLIENTS, cpu_used)
    rate = found.transactions / found.seconds
    return {
        "per_second": round(rate, 1),
        "rows_per_submission": round(found.rows / found.transactions, 1),
        "cpu_ms_per_submission": round(found.cpu_seconds * 1000 / found.transactions, 2),
        "reached_percent": round(100 * figures["per_second"] / rate, 1),
    }


async def _timed(running: Rig, ports: list[int], parcels: Sequence[Parcel]) -> dict[str, Any]:
    shares = shares_of(parcels, CLIENTS)
    before, began = running.cpu(), time.monotonic()
    sent = await asyncio.to_thread(send_all, ports, shares)
    ended = time.monotonic()
    await until_stamped(running)
    caught_up = time.monotonic()
    after = running.cpu()
    deeds = check(sent)
    count, seconds = len(parcels), ended - began
    cpu_ms = {name: round((after[name] - before[name]) * 1000 / count, 2) for name in after}
    times = spread([one for client in sent for one in client.seconds])
    rate = round(count / seconds, 1)
    return {
        "clients": CLIENTS, "servers": len(ports), "visits": count, "deeds": deeds, "per_second": rate, "deeds_per_second": round(deeds / seconds),
        "ms": times, "cpu_ms_per_submission": {**cpu_ms, "all": round(sum(cpu_ms.values()), 2)},
        "worker_behind_s": round(caught_up - ended, 2), "aim": AIM,
    }  # fmt: skip


def _print(figures: dict[str, Any]) -> None:
    times, cpu, limit = figures["ms"], figures["cpu_ms_per_submission"], figures["limit"]
    table(
        f"{figures['visits']} inspections by {CLIENTS} clients, {figures['deeds']} deeds, all accepted",
        [
            ("submissions", figures["per_second"], f"/s  (aim {AIM['per_second']})"),
            ("deeds", figures["deeds_per_second"], "/s"),
            ("answer p50", times["p50"], "ms"),
            ("answer p95", times["p95"], f"ms  (aim {AIM['p95_ms']})"),
            ("answer p99", times["p99"], "ms"),
            *((f"CPU {name}", used, "ms a submission") for name, used in cpu.items()),
            ("worker behind at the end", figures["worker_behind_s"], "s"),
            ("limit: the same rows, bare", limit["per_second"], f"/s; {limit['reached_percent']} % of it is reached"),
            ("limit: CPU", limit["cpu_ms_per_submission"], "ms a submission, database and loop"),
            ("ODK Central, as published", ODK_CENTRAL["per_second"], f"/s, p95 {ODK_CENTRAL['p95_ms']} ms"),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
