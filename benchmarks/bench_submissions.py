"""Whole inspections sent by eight phones at once through the real API, until every fact of them is stamped."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import Any

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
        running.start("server", "serve", "--port", str(PORT))
        running.start("worker", "work")
        await running.until_up()
        parcels = await parcels_for(errands, PORT)
        check(send_all([PORT], shares_of(parcels[:WARM_UP], CLIENTS)))
        await until_stamped(running)
        figures = await _timed(running, parcels[WARM_UP:])
    last_line({"submissions": {**figures, "shape": shape(errands), "machine": ran_on, "odk_central": ODK_CENTRAL}})


async def _timed(running: Rig, parcels: Sequence[Parcel]) -> dict[str, Any]:
    shares = shares_of(parcels, CLIENTS)
    before, began = running.cpu(), time.monotonic()
    sent = await asyncio.to_thread(send_all, [PORT], shares)
    ended = time.monotonic()
    await until_stamped(running)
    caught_up = time.monotonic()
    after = running.cpu()
    deeds = check(sent)
    count, seconds = len(parcels), ended - began
    cpu_ms = {name: round((after[name] - before[name]) * 1000 / count, 2) for name in after}
    times = spread([one for client in sent for one in client.seconds])
    rate = round(count / seconds, 1)
    figures = {
        "clients": CLIENTS, "visits": count, "deeds": deeds, "per_second": rate, "deeds_per_second": round(deeds / seconds),
        "ms": times, "cpu_ms_per_submission": {**cpu_ms, "all": round(sum(cpu_ms.values()), 2)},
        "worker_behind_s": round(caught_up - ended, 2), "aim": AIM,
    }  # fmt: skip
    _print(figures)
    return figures


def _print(figures: dict[str, Any]) -> None:
    times, cpu = figures["ms"], figures["cpu_ms_per_submission"]
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
            ("ODK Central, as published", ODK_CENTRAL["per_second"], f"/s, p95 {ODK_CENTRAL['p95_ms']} ms"),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
