"""Orders as people give them, in any order, at the same time, twice, or cut off in the middle."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.api.telling import send_referral
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError
from liandong.kernel.http import ReasonIn
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import Acting, take_seat
from liandong.work.clues.queries import find_clue
from liandong.work.clues.schemas import FoundClueIn
from liandong.work.referrals import routes
from liandong.work.referrals.actions import escalate_overdue
from liandong.work.referrals.schemas import DesignateIn, ReferralIn

REASON = ReasonIn(reason="示例")
REMEMBERED = 60
"""So many referrals are fought over at a time."""
EXPECTED = frozenset({
    "referrals.wrong_state", "clues.not_open_to_offer", "clues.came_from_a_neighbour", "kernel.not_found",
    "access.way_missing", "clues.designated", "referrals.not_a_party", "referrals.said_otherwise", "referrals.to_oneself",
})  # fmt: skip
"""What an order may be refused for when somebody else was faster or it is not one's to give."""
KINDS = (
    "tell",
    "tell_again",
    "repeat",
    "accept",
    "return",
    "withdraw",
    "ask_superior",
    "designate",
    "time_out",
    "peek",
)
ODDS = (22, 8, 8, 16, 9, 7, 7, 8, 5, 10)
ENDS = ("well", "crash_before", "backend_killed", "answer_lost")
END_ODDS = (82, 6, 4, 8)


class CrashError(Exception):
    """The server process went away before the transaction ended."""


@dataclass(frozen=True)
class Told:
    """A referral that somebody may still know of."""

    body: ReferralIn
    clue_id: UUID
    sender: Actor
    from_area: str
    to_area: str


@dataclass
class Orders:
    """Gives orders and keeps count. `leaks`: what somebody outside was shown; `broken`: what nobody expected."""

    db: Database
    officers: dict[str, list[Actor]]
    desks: dict[str, Actor]
    superior: Actor
    strangers: list[Actor]
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    crashed: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    known: deque[Told] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    async def give(self) -> None:
        """One order has been given, and has ended in one of the ways in which orders end."""
        kind = self.dice.choices(KINDS, ODDS)[0] if self.known else "tell"
        end = self.dice.choices(ENDS, END_ODDS)[0]
        try:
            await getattr(self, f"_{kind}")(end)
        except LiandongError as error:
            self.refused[error.code] += 1
            if error.code not in EXPECTED:
                self.broken.append(f"{kind}: {error.code}")
        except CrashError:
            self.crashed[end] += 1
        except DBAPIError as error:
            if end == "backend_killed":
                self.crashed[end] += 1
            else:
                self.broken.append(f"{kind}: {type(error.orig).__name__} {str(error.orig)[:120]}")

    async def _as(self, actor: Actor, deed: Callable[[Acting], Awaitable[object]], end: str, kind: str) -> None:
        async with self.db.transaction(Role.app) as session:
            await take_seat(session, actor)
            await deed(Acting(session, actor))
            await self._end(session, end)
        self.done[kind] += 1
        if end == "answer_lost":  # whoever heard nothing says it again
            self.crashed[end] += 1
            await self._as(actor, deed, "well", "said_again")

    async def _end(self, session: AsyncSession, end: str) -> None:
        if end == "crash_before":
            raise CrashError
        if end == "backend_killed":
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    def _one(self) -> Told:
        return self.dice.choice(self.known)

    async def _tell(self, end: str) -> None:
        from_area, to_area = self.dice.sample(sorted(self.officers), 2)
        clue = FoundClueIn(description="示例：交界处异味", lon=117.0, lat=36.6)
        await self._say(self.dice.choice(self.officers[from_area]), from_area, to_area, {"clue": clue}, end)

    async def _tell_again(self, end: str) -> None:
        """A clue that is on record already, told by whoever may own it now, to anybody."""
        told = self._one()
        from_area = self.dice.choice([told.from_area, told.to_area])
        to_area = self.dice.choice(sorted(self.desks))
        await self._say(self.desks[from_area], from_area, to_area, {"clue_id": told.clue_id}, end)

    async def _say(self, sender: Actor, from_area: str, to_area: str, what: dict[str, object], end: str) -> None:
        body = ReferralIn.model_validate({"id": UUID(int=self.dice.getrandbits(128)), "to_area": to_area} | what)

        async def deed(acting: Acting) -> None:
            shown = await send_referral(acting, body)
            heard.append(shown.clue_id)

        heard: list[UUID] = []
        try:
            await self._as(sender, deed, end, "tell")
        finally:
            if heard:  # also of what was rolled back somebody may still hold the number
                self.known.append(Told(body, heard[-1], sender, from_area, to_area))

    async def _repeat(self, end: str) -> None:
        """The very same words once more, from a phone that heard no answer, or by somebody who stole the number."""
        told = self._one()
        thief = self.dice.random() < 0.2
        sender = self.dice.choice(self.officers[told.to_area]) if thief else told.sender
        await self._as(sender, lambda acting: send_referral(acting, told.body), end, "repeat")

    async def _accept(self, end: str) -> None:
        told = self._one()
        await self._as(self._answerer(told), lambda acting: routes.accept_referral(acting, told.body.id), end, "accept")

    async def _return(self, end: str) -> None:
        told = self._one()
        await self._as(
            self._answerer(told), lambda acting: routes.return_referral(acting, told.body.id, REASON), end, "return"
        )

    def _answerer(self, told: Told) -> Actor:
        """Mostly whom it is for; sometimes the sender himself, which must not do."""
        return self.desks[told.to_area if self.dice.random() < 0.9 else told.from_area]

    async def _withdraw(self, end: str) -> None:
        told = self._one()
        desk = self.desks[told.from_area if self.dice.random() < 0.9 else told.to_area]
        await self._as(desk, lambda acting: routes.withdraw_referral(acting, told.body.id, REASON), end, "withdraw")

    async def _ask_superior(self, end: str) -> None:
        told = self._one()
        desk = self.desks[told.to_area]
        await self._as(desk, lambda acting: routes.ask_superior(acting, told.body.id, REASON), end, "ask")

    async def _designate(self, end: str) -> None:
        told = self._one()
        body = DesignateIn(area_code=self.dice.choice([told.from_area, told.to_area, sorted(self.desks)[0]]))
        await self._as(self.superior, lambda acting: routes.designate(acting, told.body.id, body), end, "designate")

    async def _time_out(self, end: str) -> None:
        async with self.db.transaction(Role.worker) as session:
            late = "UPDATE referral SET answer_by_at = sent_at WHERE id = :id AND state = 'sent'"
            await session.execute(text(late), {"id": self._one().body.id})
            await escalate_overdue(session)
            await self._end(session, end if end != "answer_lost" else "well")
        self.done["time_out"] += 1

    async def _ask(self, who: Actor, asked: Callable[[Acting], Awaitable[Any]]) -> Any:
        async with self.db.transaction(Role.app) as session:
            await take_seat(session, who)
            return await asked(Acting(session, who))

    async def _peek(self, end: str) -> None:
        """Somebody who is neither of the two asks for the referral and for the clue."""
        told = self._one()
        outside = [desk for area, desk in self.desks.items() if area not in (told.from_area, told.to_area)]
        who = self.dice.choice([*outside, *self.strangers])
        for asked in (
            lambda acting: routes.read_referral(acting, told.body.id),
            lambda acting: find_clue(acting.session, acting.actor, told.clue_id),
        ):
            try:
                shown = await self._ask(who, asked)
            except LiandongError as error:
                if error.code != "kernel.not_found":
                    raise
                self.done["peek_refused"] += 1
                continue
            if who.home_area not in (shown.area_code, getattr(shown, "to_area", None)):  # it may be his by now
                self.leaks.append(f"{who.name} was shown {shown.id}")
