"""The load that benchmarks put on a running system, and when it has been dealt with."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence

import httpx
from sqlalchemy import text

from benchmarks.rig import Rig
from benchmarks.senders import Parcel, Sent
from benchmarks.stage import Errand
from benchmarks.visits import body, keep_signature, visit
from liandong.kernel.db import Role

DRAIN_SECONDS = 120


async def parcels_for(errands: Sequence[Errand], port: int) -> list[Parcel]:
    """A whole visit for each errand, ready to be sent; its signature picture is on the server already."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        signature = await keep_signature(http, errands[0].pair.token)
        return [Parcel(errand.pair.token, body(visit(http, errand, signature))) for errand in errands]


def shares_of(parcels: Sequence[Parcel], clients: int) -> list[list[Parcel]]:
    """By phone: what one officer's phone sends goes out one after the other, from one client."""
    phones = {token: number for number, token in enumerate(dict.fromkeys(parcel.token for parcel in parcels))}
    shares: list[list[Parcel]] = [[] for _ in range(clients)]
    for parcel in parcels:
        shares[phones[parcel.token] % clients].append(parcel)
    return shares


def check(sent: Sequence[Sent]) -> int:
    """How many deeds were accepted; anything else fails the benchmark."""
    accepted = 0
    for status, content in (answer for one in sent for answer in one.answers):
        if status != httpx.codes.OK:
            raise SystemExit(f"{status} {content[:500]!r}")
        for receipt in json.loads(content)["receipts"]:
            if receipt["outcome"] != "accepted":
                raise SystemExit(f"not accepted: {receipt}")
            accepted += 1
    return accepted


async def until_stamped(running: Rig) -> None:
    """Until the worker has stamped and handed over everything."""
    ends = time.monotonic() + DRAIN_SECONDS
    owed = text(
        "SELECT (SELECT count(*) FROM ledger_fact WHERE seq IS NULL), count(*) FROM delivery WHERE done_at IS NULL"
    )
    while time.monotonic() < ends:
        async with running.db.transaction(Role.worker) as session:
            if tuple((await session.execute(owed)).one()) == (0, 0):
                return
        await asyncio.sleep(0.05)
    raise SystemExit("the worker does not keep up")
