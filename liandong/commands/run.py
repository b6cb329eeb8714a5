"""Commands that run the system, and the ledger's own."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from liandong.kernel.settings import settings

ledger_app = typer.Typer(no_args_is_help=True)


def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Serve people and phones until stopped."""
    import uvloop

    from liandong.main import serve as run_server

    uvloop.run(run_server(host or settings().host, port or settings().port))


def work() -> None:
    """Run a worker until stopped. Any number of them share the work."""
    import uvloop

    from liandong.main import work as run_worker

    uvloop.run(run_worker())


def media(
    configuration: Annotated[
        bool,
        typer.Option(
            "--configuration", help="print what the media server of LIANDONG_MEDIA_SERVER must be told; a secret"
        ),
    ] = False,
) -> None:
    """Run the media relay until stopped: live pictures in by RTMP, out to browsers."""
    from liandong.means.ingest.choice import ingest_server

    if configuration:
        if (server := ingest_server()) is None:
            raise typer.BadParameter("LIANDONG_MEDIA_SERVER names no media server: the relay takes pictures in itself")
        print(server.configuration(), end="")
        return
    import uvloop

    from liandong.main import relay

    uvloop.run(relay())


def cot() -> None:
    """Talk to TAK clients until stopped: positions in and out as Cursor on Target."""
    import uvloop

    from liandong.main import cot as run_door

    uvloop.run(run_door())


def dock() -> None:
    """Listen to docks and remote controls of DJI until stopped; one such process at a time."""
    import uvloop

    from liandong.main import dock as run_dock

    uvloop.run(run_dock())


def mavlink() -> None:
    """Listen to aircraft that speak MAVLink until stopped; one such process at a time."""
    import uvloop

    from liandong.main import mavlink as run_mavlink

    uvloop.run(run_mavlink())


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="delete the demo's data and stop")] = False,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
    pace: Annotated[float, typer.Option(help="seconds between the steps of the sample operation")] = 4.0,
) -> None:
    """Run the system with sample data and a sample joint operation until Ctrl-C."""
    from liandong.demo import run as demo_run

    if reset:
        demo_run.reset()
        return
    asyncio.run(demo_run.run(port or settings().port, pace))


def openapi() -> None:
    """Print the description of the HTTP interface (OpenAPI)."""
    from liandong.api.app import make_app

    print(json.dumps(make_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True))


@ledger_app.command("verify")
def verify(as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False) -> None:
    """Walk the ledger's hash chain from the start and name every break."""
    from liandong.kernel.db import Role
    from liandong.kernel.ledger import verify as walk
    from liandong.runtime import database

    async def _check() -> tuple[int, list[str]]:
        async with database() as db, db.transaction(Role.worker, snapshot=True) as session:
            return await walk(session)

    facts, breaks = asyncio.run(_check())
    if as_json:
        print(json.dumps({"facts": facts, "breaks": breaks}))
    else:
        print(f"{facts} facts" + ("; the chain holds" if not breaks else "".join(f"\n{line}" for line in breaks)))
    raise typer.Exit(1 if breaks else 0)
