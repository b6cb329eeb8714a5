"""`liandong demo`: sample data, a server, a worker, a media relay, a broker with a sample dock and the sample operation, until Ctrl-C; then all stops."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx

from liandong.demo.aircraft import fly
from liandong.demo.dock.broker import Broker, broker
from liandong.demo.dock.work import AIRCRAFT_NO, DOCK_NO, keep_dock
from liandong.demo.operation import Operation
from liandong.demo.people import demo_password, printed_accounts
from liandong.demo.people_at_work import gather_cast
from liandong.demo.seed import seed
from liandong.kernel.errors import Broken
from liandong.kernel.paths import faces_folder
from liandong.kernel.settings import settings
from liandong.runtime import database

MQTT_PORT = 1883
FACES = [("指挥大屏", "screen"), ("办公端", "office"), ("移动执法", "mobile")]


def say(words: str) -> None:
    """A line for whoever started the demo."""
    print(words, flush=True)  # noqa: T201  this command talks to people


def reset() -> None:
    """Afterwards nothing of the demo is left below the home folder."""
    home = settings().home_folder
    if settings().database_url is not None:
        raise Broken("demo.own_database_only")
    if home.exists():
        shutil.rmtree(home)
    say(f"已清除 {home}")


async def run(port: int, pace: float) -> None:
    """Run until a signal comes; afterwards everything that was started here has stopped."""
    home, stop = settings().home_folder, asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    say("正在准备数据库与示例数据……")
    async with database() as db, AsyncExitStack() as stack:
        is_new = await seed(db, home)
        env = _ports(port)
        children = [
            await _start(env, "serve", "--port", str(port)),
            await _start(env, "work"),
            await _start(env, "media"),
        ]
        try:
            await _until_up(port, children)
            password = demo_password(home)
            _greet(port, password)
            at = await stack.enter_async_context(_broker(home))  # nobody waits for the dock to see the demo
            if at is not None:
                children.append(await _start(env | {"LIANDONG_MQTT_URL": at.url()}, "dock"))
            playing = asyncio.create_task(_play(port, password, pace, at, with_backlog=is_new))
            await _first(stop, children, playing)
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing
        finally:
            await _end(children)
    say("已停止。数据保留在 " + str(home))


@asynccontextmanager
async def _broker(home: Path) -> AsyncIterator[Broker | None]:
    """The broker of the sample dock; None where it does not run: the demo goes on without a dock, and says so."""
    async with AsyncExitStack() as stack:
        try:
            found = await stack.enter_async_context(
                broker(home / "broker", _free_port(MQTT_PORT), {DOCK_NO: (AIRCRAFT_NO,)})
            )
        except Broken as error:
            say(error.title("zh"))
            yield None
        else:
            yield found


async def _start(env: dict[str, str], *words: str) -> asyncio.subprocess.Process:
    # a session of its own: Ctrl-C reaches only this process, which then ends its children in order
    command = (sys.executable, "-m", "liandong", *words)
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, **env}, start_new_session=True)


def _ports(port: int) -> dict[str, str]:
    """Ports, for every process alike; where another program holds a port, any that is free."""
    chosen = {"MEDIA_PORT": settings().media_port, "RTMP_PORT": settings().rtmp_port, "DOCK_PORT": settings().dock_port}
    said = {name: str(_free_port(wanted)) for name, wanted in chosen.items()} | {"PORT": str(port)}
    return {f"LIANDONG_{name}": value for name, value in said.items()}


def _free_port(wanted: int) -> int:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((settings().media_host, wanted))
        except OSError:
            one.bind((settings().media_host, 0))
        return int(one.getsockname()[1])


async def _until_up(port: int, children: list[asyncio.subprocess.Process]) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for _ in range(300):
            if any(child.returncode is not None for child in children):
                raise Broken("demo.not_started", port=port)
            with suppress(httpx.TransportError):
                if (await http.get("/api/health")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.1)
    raise Broken("demo.not_started", port=port)


def _greet(port: int, password: str) -> None:
    say("\n联动已启动。所有企业、人员均为示例。\n")
    for name, face in FACES:
        built = "" if (Path(faces_folder()) / face).is_dir() else "（未构建：make demo 会先构建）"
        say(f"  {name}　http://127.0.0.1:{port}/{face}/ {built}")
    say(f"\n  口令（所有示例账户）：{password}")
    for account in printed_accounts():
        say(f"  {account.login:<16}{account.name}　{account.what}")
    say("\nCtrl-C 停止；make demo-reset 清除数据。\n")


async def _play(port: int, password: str, pace: float, at: Broker | None, *, with_backlog: bool) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        cast = await gather_cast(http, password)
        chance = random.Random()  # noqa: S311  a play, not a secret
        flying = [asyncio.create_task(fly(cast))]
        if at is not None:
            flying.append(asyncio.create_task(keep_dock(cast, at)))
        try:
            await Operation(cast, pace, chance).play(with_backlog=with_backlog)
            say("示例行动已演完。")
            await asyncio.gather(*flying)
        finally:
            for task in flying:
                task.cancel()
            await asyncio.wait(flying)


async def _first(stop: asyncio.Event, children: list[asyncio.subprocess.Process], playing: asyncio.Task[None]) -> None:
    """Until somebody stops the demo or a process of it dies; a play that breaks off says so and the rest goes on."""
    ends = [asyncio.create_task(stop.wait()), *(asyncio.create_task(child.wait()) for child in children)]
    waiting: set[asyncio.Task[object]] = {*ends, playing}
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if playing in done:
            error = playing.exception()
            say(f"示例行动中断：{error}")
            done.discard(playing)
        if done:
            break
    for task in ends:
        task.cancel()


async def _end(children: list[asyncio.subprocess.Process]) -> None:
    for child in children:
        if child.returncode is None:
            child.terminate()
    for child in children:
        try:
            await asyncio.wait_for(child.wait(), 10)
        except TimeoutError:
            child.kill()
            await child.wait()
