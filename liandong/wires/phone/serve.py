"""The deeds come in, are done in order, and each gets its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.kernel.memory import ask_all, gather, into, write_out
from liandong.kernel.numbers import draw_numbers
from liandong.means.evidence.actions import look_up_files
from liandong.registers.access.actor import Actor
from liandong.wires.phone.doing import Doing
from liandong.wires.phone.frame import DeedIn, Receipt, digest_of, field_errors, read
from liandong.wires.phone.perform import perform
from liandong.wires.phone.receipts import receipt
from liandong.wires.phone.tables import Deed

WAITS_FOR = frozenset({"evidence.file_missing", "deeds.forerunner_missing"})
"""Refusals that time may heal: the file or the deed before it may still be on its way."""
DEEDS = into(
    Deed,
    ("id", "digest", "account_id"),
    "DO UPDATE SET outcome = excluded.outcome, problem = excluded.problem, received_at = excluded.received_at",
)


NUMBERED = frozenset({"arrive_on_site", "find_problem"})
"""Deeds that make something with a number."""


_ONE_BATCH_AT_A_TIME = b"SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
"""A phone that lost its signal sends again while its first request is under way; the second finds what became of it."""


async def take_deeds(session: AsyncSession, actor: Actor, raws: Sequence[dict[str, Any]]) -> list[Receipt]:
    """Every deed has been done or answered with why not; one that is refused never loses the others.

    The deeds of one phone are done in the order of its clock, whatever the order they came in. Returns the receipts
    in the order the deeds came.
    """
    receipts, readable = _read_all(raws)
    taking = Taking(session, actor, await _kept(session, actor, readable))
    await look_up_files(session, {file for one in readable for file in one.files()})
    await draw_numbers(session, sum(one.deed.kind in NUMBERED and one.deed.id not in taking.kept for one in readable))
    await taking.take(sorted(readable, key=lambda one: one.deed.happened_at))
    return [receipts.get(place) or taking.receipts[place] for place in range(len(raws))]


@dataclass(frozen=True)
class Sent:
    """A readable deed, as it came and as it is understood; `place` is where in the batch it stood."""

    place: int
    raw: dict[str, Any]
    deed: DeedIn

    def files(self) -> list[str]:
        """The digests of files that the deed points to."""
        named = self.deed.payload.get("sha256")
        return [named] if isinstance(named, str) else []


def _read_all(raws: Sequence[dict[str, Any]]) -> tuple[dict[int, Receipt], list[Sent]]:
    """Receipts for what cannot be read, by place, and the deeds that can. What cannot be read is not kept."""
    refused, readable = {}, []
    for place, raw in enumerate(raws):
        try:
            readable.append(Sent(place, raw, read(raw)))
        except Invalid as error:
            refused[place] = receipt(raw.get("id"), digest_of(raw), "refused", error.body())
    return refused, readable


_KEPT = b"SELECT id, digest, outcome FROM deed WHERE id = ANY(%s)"


async def _kept(session: AsyncSession, actor: Actor, sent: list[Sent]) -> dict[UUID, dict[str, str]]:
    """What became of these deeds and of those they need, when they came before: outcomes by digest, by id.

    No other batch of this account is taken until the transaction ends.
    """
    ids = {one.deed.id for one in sent} | {needed for one in sent for needed in one.deed.needs}
    _, rows = await ask_all(session, (_ONE_BATCH_AT_A_TIME, [str(actor.account_id)]), (_KEPT, [list(ids)]))
    kept: dict[UUID, dict[str, str]] = {}
    for deed_id, digest, outcome in rows:
        kept.setdefault(deed_id, {})[digest] = outcome
    return kept


class StoppedError(Exception):
    """A run of deeds was undone because the one at `place` was refused; None: the tables refused one of them."""

    def __init__(self, place: int | None, error: LiandongError) -> None:
        super().__init__(place)
        self.place, self.error = place, error


@dataclass
class Taking:
    """A batch while it is taken. `kept` holds the outcomes of deeds by id and digest, `receipts` those by place.

    Deeds are tried many at a time: a savepoint and its statements for each would cost the server ten times as much.
    When one of them is refused all are undone, those before it are done again, and the rest is tried on.
    """

    session: AsyncSession
    actor: Actor
    kept: dict[UUID, dict[str, str]]
    receipts: dict[int, Receipt] = field(default_factory=dict)

    async def take(self, ordered: list[Sent]) -> None:
        """Every deed has its receipt and is kept."""
        run: dict[UUID, Sent] = {}
        for one in ordered:
            if one.deed.id in run:  # what becomes of the second depends on the first
                await self._do(list(run.values()))
                run.clear()
            if not self._settled_before(one):
                run[one.deed.id] = one
        await self._do(list(run.values()))

    def _settled_before(self, one: Sent) -> bool:
        known = self.kept.get(one.deed.id, {})
        if known.get(one.deed.digest) == "accepted":
            self.receipts[one.place] = receipt(one.deed.id, one.deed.digest, "repeated", None)
            return True
        if any(digest != one.deed.digest and outcome != "conflict" for digest, outcome in known.items()):
            self._settle(one, "conflict", Refused("deeds.conflict"))
            return True
        return False

    async def _do(self, run: list[Sent]) -> bool:
        """Each deed of the run is done or refused. Returns whether all were done."""
        is_whole = True
        while run:
            try:
                await self._try(run)
            except StoppedError as stopped:
                is_whole = False
                run = await self._rest(run, stopped)
            else:
                for one in run:
                    self._settle(one, "accepted", None)
                break
        return is_whole

    async def _rest(self, run: list[Sent], stopped: StoppedError) -> list[Sent]:
        """What is still to be tried of a run that was stopped; what comes before is done or refused afterwards."""
        place = stopped.place
        if len(run) == 1:
            self._refuse(run[0], stopped.error)
            return []
        if place is None:
            half = len(run) // 2
            await self._do(run[:half])
            return run[half:]
        if place and not await self._do(run[:place]):
            return run[place:]  # it was refused on the strength of a deed that does not stand
        self._refuse(run[place], stopped.error)
        return run[place + 1 :]

    async def _try(self, run: list[Sent]) -> None:
        """All deeds of the run are done, or none is.

        Raises    StoppedError
        """
        done: set[UUID] = set()
        try:
            async with self.session.begin_nested():
                for place, one in enumerate(run):
                    await self._try_one(one, place, done)
                await write_out(self.session)
        except (IntegrityError, psycopg.IntegrityError) as error:
            raise StoppedError(None, Refused("deeds.already_there")) from error
        except (DataError, psycopg.DataError) as error:
            raise StoppedError(None, Invalid("deeds.unreadable")) from error

    async def _try_one(self, one: Sent, place: int, done: set[UUID]) -> None:
        try:
            missing = [needed for needed in one.deed.needs if needed not in done and not self._was_accepted(needed)]
            if missing:
                raise Refused("deeds.forerunner_missing", count=len(missing))
            await perform(Doing(self.session, self.actor, one.deed))
        except LiandongError as error:
            raise StoppedError(place, error) from error
        except ValidationError as error:
            raise StoppedError(place, Invalid("deeds.unreadable", field_errors=field_errors(error))) from error
        except OverflowError as error:  # an instant before the first year or after the last
            raise StoppedError(place, Invalid("deeds.unreadable")) from error
        done.add(one.deed.id)

    def _was_accepted(self, deed_id: UUID) -> bool:
        return "accepted" in self.kept.get(deed_id, {}).values()

    def _refuse(self, one: Sent, error: LiandongError) -> None:
        self._settle(one, "waiting" if error.code in WAITS_FOR else "refused", error)

    def _settle(self, one: Sent, outcome: str, error: LiandongError | None) -> None:
        deed, body, at = one.deed, error.body() if error else None, now()
        row = {
            "id": deed.id,
            "digest": deed.digest,
            "kind": deed.kind,
            "account_id": self.actor.account_id,
            "task_id": deed.task_id,
            "body": one.raw,
            "happened_at": deed.happened_at,
            "received_at": at,
            "outcome": outcome,
            "problem": body,
        }
        gather(self.session, DEEDS, row)
        self.kept.setdefault(deed.id, {})[deed.digest] = outcome
        self.receipts[one.place] = receipt(deed.id, deed.digest, outcome, body, at)
