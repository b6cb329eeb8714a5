"""The demo as people start it: its sample dock comes online at the demo's own broker and does its work."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from liandong.demo.dock.work import DOCK_NO, MISSION_TITLE, PICTURE_TITLE
from tests.ports import free_ports
from tests.wires.dji.test_flights import until as soon

WITHIN_S = 90


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody signed in at the desk of the running demo."""
    port, media, rtmp, health = free_ports(4)
    ports = {"LIANDONG_MEDIA_PORT": media, "LIANDONG_RTMP_PORT": rtmp, "LIANDONG_DOCK_PORT": health}
    env = {**os.environ, **{name: str(value) for name, value in ports.items()}, "LIANDONG_HOME": str(tmp_path)}
    command = (sys.executable, "-m", "liandong", "demo", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.PIPE)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api", timeout=20) as http:
            password = await asyncio.wait_for(_password(process), WITHIN_S)
            said = (await http.post("/session", json={"login": "huaiyin", "password": password})).json()
            http.headers["authorization"] = f"Bearer {said['token']}"
            yield http
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.communicate(), 30)
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, "it stops when it is told to"


async def _password(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search("口令（所有示例账户）：(.+)", line.decode()):
            return found[1].strip()
    raise AssertionError("the demo has ended")


async def until(true: Callable[[], Awaitable[Any]]) -> Any:
    return await soon(true, WITHIN_S)


async def test_the_demos_dock_shows_its_picture_brings_photographs_and_flies(
    demo: httpx.AsyncClient, tmp_path: Path
) -> None:
    async def ask(path: str) -> Any:
        return (await demo.get(path)).raise_for_status().json()

    async def shows() -> Any:
        return [one for one in await ask("/docks") if one["state"] == "sending"]

    [dock] = await until(shows)
    assert (dock["serial_no"], dock["title"]) == (DOCK_NO, "示例槐荫机场")

    async def brought() -> Any:
        media = await ask(f"/docks/{dock['id']}/media")
        return media if len(media) == 2 else None

    assert {one["evidence"]["kind"] for one in await until(brought)} == {"flight_photo"}

    async def flies() -> bool:
        return [order["state"] for order in await _orders(demo)] == ["flying"]

    await until(flies)

    async def is_seen() -> bool:
        return [one["state"] for one in await ask("/streams") if one["title"] == PICTURE_TITLE] == ["live"]

    await until(is_seen)
    config = tmp_path / "broker" / "broker.conf"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600, "its passwords are nobody else's"


async def _orders(demo: httpx.AsyncClient) -> list[dict[str, Any]]:
    missions = (await demo.get("/missions")).raise_for_status().json()["items"]
    for mission in missions:
        if mission["title"] == MISSION_TITLE:
            return list((await demo.get(f"/missions/{mission['id']}/orders")).json())
    return []
