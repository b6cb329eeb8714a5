"""A phone whose clock is wrong by hours: everything is taken, both times are kept, and the figures say which is whose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from liandong.kernel.clock import now
from tests.conftest import As
from tests.phone import visit
from tests.seat import Seat
from tests.world import World


async def task_of(as_: As, world: World) -> str:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.east.workshop))
    await desk.assign(task, world.east.lin, world.east.luo)
    return str(task["id"])


@pytest.mark.parametrize("off", [timedelta(hours=5), timedelta(days=400), timedelta(hours=-5), timedelta(days=-400)])
async def test_a_visit_by_a_wrong_clock_is_taken_with_both_times(as_: As, world: World, off: timedelta) -> None:
    seat: Seat = as_(world.east.lin)
    officers = (world.east.lin, world.east.luo)
    phone = await visit(seat, await task_of(as_, world), officers, starts_at=now() + off)
    record = await seat.get(f"/inspections/{phone.inspection_id}")
    arrived, received = (datetime.fromisoformat(record[name]) for name in ("arrived_at", "received_at"))
    assert abs((arrived - datetime.now(UTC)) - off) < timedelta(minutes=2)
    assert abs(received - datetime.now(UTC)) < timedelta(minutes=2)
    assert record["state"] == "submitted"
