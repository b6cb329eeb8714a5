"""Neighbours who have signed something: `await in_force(as_, world.east, world.south)`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from liandong.kernel.clock import beijing_today
from liandong.kernel.db import Database, Role
from tests.seat import Body, Seat
from tests.world import District, Person

MECHANISMS = ("contact", "joint_operation", "clue_referral", "joint_review", "cross_enforcement",
              "petition_coordination", "joint_publicity")  # fmt: skip
SHARES = ("border_list", "border_watch", "visit_ledger")


def terms(*members: District, **more: Any) -> Body:
    """A memorandum of these districts that says all that one can say, for a year from today."""
    today = beijing_today()
    said: Body = {
        "title": "示例生态环境执法联动工作备忘录", "alliance": "示例生态环境执法联动工作室",
        "goals": "示例：提升业务能力，信息共享，打击违法排污，妥善解决环境信访",
        "principles": ["joint_enforcement", "home_handling"], "works": ["illegal_discharge", "scattered_polluters"],
        "mechanisms": list(MECHANISMS), "shares": list(SHARES), "band_m": 2000,
        "from_on": str(today), "until_on": str(today + timedelta(days=364)),
    }  # fmt: skip
    if members:
        said["member_ids"] = [str(member.agency_id) for member in members]
    return said | more


async def offered(as_: Callable[[Person], Seat], *members: District, **more: Any) -> Body:
    """A memorandum that waits for its signatures, drafted by the first."""
    desk = as_(members[0].dispatcher)
    draft = await desk.post("/memoranda", terms(*members, **more))
    return await desk.post(f"/memoranda/{draft['id']}/offer")  # type: ignore[no-any-return]


async def sign(as_: Callable[[Person], Seat], memorandum: Body, *members: District) -> Body:
    """These leaders have signed; the memorandum as it stands then."""
    signed = memorandum
    for member in members:
        body = {"text_digest": memorandum["text_digest"]}
        signed = await as_(member.leader).post(f"/memoranda/{memorandum['id']}/sign", body)
    return signed


async def in_force(as_: Callable[[Person], Seat], *members: District, **more: Any) -> Body:
    """A memorandum that every member has signed."""
    return await sign(as_, await offered(as_, *members, **more), *members)


async def a_day_goes_by(db: Database) -> None:
    """The term of every memorandum, and of all that it grants, lies a day further back."""
    async with db.transaction(Role.worker) as session:
        await session.execute(text("UPDATE ally_grant SET from_on = from_on - 1, until_on = until_on - 1"))
        term = "from_on = from_on - 1, until_on = until_on - 1, holds_until_on = holds_until_on - 1"
        await session.execute(text(f"UPDATE memorandum SET {term}"))  # noqa: S608
