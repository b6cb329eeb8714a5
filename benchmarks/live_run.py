"""One case of `bench_live`: whoever is measured is started, devices and screens come, and all of them go again."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import psutil
from sqlalchemy import text

from benchmarks import peer
from benchmarks.report import percentile
from benchmarks.rig import Rig
from liandong.kernel.db import Role

PATIENCE_SECONDS = 60
PACED_SECONDS_OF_PHONES = 20.0
"""A phone sends every ten seconds: two rounds of it."""


@dataclass(frozen=True)
class Case:
    """Who is measured, over which wire, with how many devices and screens."""

    who: str
    wire: str
    devices: int
    screens: int


@dataclass(frozen=True)
class House:
    """What all cases share: the installation, its ports, and the keys of devices and screens."""

    running: Rig
    port: int
    devices: dict[str, list[str]]
    screen_keys: dict[str, str]


class Child:
    """A helper program that answers line by line."""

    def __init__(self, *words: str) -> None:
        command = [sys.executable, "-m", *words]
        self.program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, line: str) -> None:
        """One line to it."""
        assert self.program.stdin
        self.program.stdin.write(line + "\n")
        self.program.stdin.flush()

    def hear(self) -> str:
        """The next line of it."""
        assert self.program.stdout
        line = self.program.stdout.readline()
        if not line:
            raise SystemExit(f"{self.program.args!r} ended")
        return line.strip()

    def close(self) -> None:
        """It has ended."""
        self.program.kill()
        self.program.wait()


@dataclass(frozen=True)
class _Seen:
    """What one phase came to."""

    taken_per_s: float
    shut_out: int
    told_per_s: float
    cpu: float
    ages: Sequence[float]
    megabytes: float


async def measure(house: House, case: Case, seconds: float) -> dict[str, Any]:
    """The figures of one case; everything that was started for it has ended."""
    fast = await _alone(house, case, seconds=seconds, pace=0)
    paced = await _alone(house, case, seconds=PACED_SECONDS_OF_PHONES if case.wire == "phone" else seconds, pace=1)
    return {
        **vars(case), "taken_per_s": round(fast.taken_per_s), "cpu": round(fast.cpu, 2),
        "paced_taken_per_s": round(paced.taken_per_s), "told_per_s": round(paced.told_per_s),
        "p50_ms": round(percentile(paced.ages, 50)) if paced.ages else None,
        "p99_ms": round(percentile(paced.ages, 99)) if paced.ages else None,
        "shut_out": fast.shut_out + paced.shut_out, "paced_cpu": round(paced.cpu, 2), "megabytes": round(paced.megabytes),
    }  # fmt: skip


async def _alone(house: House, case: Case, *, seconds: float, pace: int) -> _Seen:
    """One phase on a server of its own, so that nothing of the phase before waits in it."""
    with ExitStack() as ends:
        programs, port = await asyncio.to_thread(_start, house, case, ends)
        wire = "page" if case.wire == "phone" else "cot"
        screens = Child("benchmarks.live_screens", wire, str(port), str(case.screens))
        ends.callback(screens.close)
        screens.say(house.screen_keys[wire])
        await asyncio.to_thread(screens.hear)
        return await _phase(house, case, port, programs, screens, seconds=seconds, pace=pace)


def _start(house: House, case: Case, ends: ExitStack) -> tuple[list[subprocess.Popen[bytes]], int]:
    port = house.port + (0 if case.wire == "phone" else 1 if case.who == "liandong" else 2)
    if case.who == "taky":
        program = peer.start(house.running.home, port)
    elif case.who == "relay":
        program = subprocess.Popen([sys.executable, "-m", "benchmarks.bare_relay", str(port)])
    else:
        words = ["serve", "--port", str(port)] if case.wire == "phone" else ["cot"]
        with (house.running.home / "live.log").open("ab") as log:
            program = subprocess.Popen([sys.executable, "-m", "liandong", *words], stdout=log, stderr=log)
    ends.callback(_end, program)
    _until_open(port)
    return [program], port


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _until_open(port: int) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        with closing(socket.socket()) as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on {port}")


async def _phase(
    house: House, case: Case, port: int, programs: Sequence[subprocess.Popen[bytes]], screens: Child, *,
    seconds: float, pace: int,
) -> _Seen:  # fmt: skip
    devices = Child("benchmarks.live_devices", case.wire, str(port), str(pace), str(seconds))
    try:
        devices.say(",".join(house.devices[case.wire][: case.devices]))
        await asyncio.to_thread(devices.hear)
        screens.say("")
        await asyncio.to_thread(screens.hear)
        kept, used, began = await _kept(house), _cpu(house, case, programs), time.monotonic()
        devices.say("")
        sent = json.loads(await asyncio.to_thread(devices.hear))
        took = time.monotonic() - began
        used = _cpu(house, case, programs) - used
        screens.say("")
        told = json.loads(await asyncio.to_thread(screens.hear))
        kept = await _kept(house) - kept
    finally:
        devices.close()
    _no_refusals(sent)
    taken = kept if case.who == "liandong" else told["entries"] / case.screens
    megabytes = sum(psutil.Process(one.pid).memory_info().rss for one in programs) / 1e6
    return _Seen(taken / took, sent.get("shut_out", 0), told["entries"] / took, used / took, told["ages"], megabytes)


def _no_refusals(sent: dict[str, int]) -> None:
    others = {what: count for what, count in sent.items() if what not in ("sent", "taken", "shut_out")}
    if others:
        raise SystemExit(f"not taken: {others}")


async def _kept(house: House) -> int:
    async with house.running.db.transaction(Role.worker) as session:
        return int((await session.execute(text("SELECT count(*) FROM track_point"))).scalar_one())


def _cpu(house: House, case: Case, programs: Sequence[subprocess.Popen[bytes]]) -> float:
    used = 0.0
    for one in programs:
        times = psutil.Process(one.pid).cpu_times()
        used += times.user + times.system
    return used + (house.running.cpu()["postgres"] if case.who == "liandong" else 0.0)
