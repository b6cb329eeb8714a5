"""Where everybody is: positions kept and told, beside taky and a loop that only relays, with the same clients in one run.

`BENCH_LIVE_DEVICES`, `BENCH_LIVE_SCREENS` and `BENCH_LIVE_SECONDS` make it shorter. Two measures each: how much is taken when
devices send as fast as they can, and how old a position is on a screen when each device sends one a second.

As fast as they can means a flood: taky keeps what it cannot send yet in one growing piece that it cuts anew for every 4 KiB,
so its figure there is that of a server that is overrun, not the most it could take from patient clients.

Cost grows with positions (parsing, one row each) and with screens × ticks (bytes), not with their product.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Any

from benchmarks import peer
from benchmarks.live_run import Case, House, measure
from benchmarks.live_stage import prepare_phones, prepare_tak_screen, prepare_trackers
from benchmarks.report import last_line, machine
from benchmarks.rig import rig
from benchmarks.stage import open_session


def _numbers(name: str, usual: str) -> list[int]:
    return [int(word) for word in os.environ.get(name, usual).split(",")]


PORT = 18450
DEVICES = _numbers("BENCH_LIVE_DEVICES", "20,100,500,8000")
SCREENS = _numbers("BENCH_LIVE_SCREENS", "1,200,1000")
SECONDS = float(os.environ.get("BENCH_LIVE_SECONDS", "6"))
MOST_TRACKERS = 500
"""Where taky still runs; beyond, devices are phones in front of a proxy."""
WALL = "wall"


async def main() -> None:
    """Measure and print."""
    ran_on, found = machine(), list[dict[str, Any]]()
    async with rig(PORT) as running:
        os.environ |= {"LIANDONG_COT_PORT": str(PORT + 1), "LIANDONG_MAX_CONNECTIONS": "20000"}
        phones = await prepare_phones(running.db, max(DEVICES))
        trackers = await prepare_trackers(running.db, MOST_TRACKERS)
        keys = {"page": await open_session(running.db, WALL), "cot": await prepare_tak_screen(running.db, WALL)}
        house = House(running, PORT, {"phone": phones, "cot": trackers}, keys)
        _head()
        for case in _cases():
            figures = await measure(house, case, SECONDS)
            found.append(figures)
            _line(figures)
    last_line({"live": {"cases": found, "ratios": _ratios(found), "machine": ran_on}})


def _cases() -> Sequence[Case]:
    small = [count for count in DEVICES if count <= MOST_TRACKERS]
    return [
        *(Case("liandong", "phone", devices, screens) for devices in DEVICES for screens in SCREENS),
        *(
            Case(who, "cot", devices, screens)
            for devices in small for screens in SCREENS for who in ("liandong", "taky", "relay")
            if who != "taky" or devices + screens < peer.MOST_CONNECTIONS
        ),
    ]  # fmt: skip


def _head() -> None:
    print(
        "\nPositions: kept (liandong) or handed on to every screen (taky, relay), as fast as they are taken; and how old"
        "\nthey are on screens at one a second a device. CPU in cores, the senders' and screens' own not among them."
        "\nout: clients whose line the server closed.\n"
    )
    print(f"{'who':<9}{'wire':<7}{'devices':>8}{'screens':>8}{'taken/s':>10}{'CPU':>6}  │{'at/s':>7}{'told/s':>9}"
          f"{'p50 ms':>8}{'p99 ms':>8}{'CPU':>6}{'MB':>6}{'out':>5}", flush=True)  # fmt: skip


def _line(one: dict[str, Any]) -> None:
    print(f"{one['who']:<9}{one['wire']:<7}{one['devices']:>8}{one['screens']:>8}{one['taken_per_s']:>10}{one['cpu']:>6}  │"
          f"{one['paced_taken_per_s']:>7}{one['told_per_s']:>9}{one['p50_ms']:>8}{one['p99_ms']:>8}{one['paced_cpu']:>6}"
          f"{one['megabytes']:>6}{one['shut_out']:>5}", flush=True)  # fmt: skip


def _ratios(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """liandong against its peers where both ran the same case."""
    by_case = {(one["who"], one["wire"], one["devices"], one["screens"]): one["taken_per_s"] for one in found}
    return [
        {"against": who, "devices": devices, "screens": screens,
         "ratio": round(by_case["liandong", wire, devices, screens] / max(1, taken), 2)}
        for (who, wire, devices, screens), taken in by_case.items() if who != "liandong"
    ]  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
