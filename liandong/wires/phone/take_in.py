"""The raw outbox of a phone is taken in at the office, deed by deed as if the phone had sent it.

Each officer's deeds are done in that officer's name, in transactions of their own: what was taken stands, and the file can be
taken in again at any time. Who took it in is a fact on the ledger.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.kernel.ids import new_id
from liandong.kernel.secrets import signing_key
from liandong.means.evidence.actions import keep_file
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import take_seat
from liandong.registers.access.queries import find_actor_of
from liandong.wires.phone.events import OutboxImported
from liandong.wires.phone.frame import Receipt
from liandong.wires.phone.outbox_file import Damage, KeptDeed, OutboxFile, read_outbox
from liandong.wires.phone.serve import take_deeds

AT_ONCE = 200
"""Deeds taken in one transaction."""
GIVEN_UP = frozenset({"mended", "set_aside"})
"""An officer decided that these count no more; another deed may stand in their place."""
WORDS = {
    "accepted": "accepted",
    "repeated": "already_there",
    "refused": "refused",
    "conflict": "conflict",
    "waiting": "waiting",
}


@dataclass(frozen=True)
class DeedLine:
    """What became of one deed. `problem` is why it was not done, as the phone would have been told."""

    deed_id: str
    kind: str
    task_id: str
    happened_at: str
    outcome: str
    problem: dict[str, Any] | None = None


@dataclass
class OutboxReport:
    """What became of a file: a line for each deed, and the name of everything that is damaged."""

    sha256: str
    exported_at: str | None
    device_id: str | None
    deeds: list[DeedLine] = field(default_factory=list)
    files: int = 0
    damaged: list[Damage] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many deeds of each outcome, and how much is damaged."""
        return dict(sorted(Counter(line.outcome for line in self.deeds).items())) | {"damaged": len(self.damaged)}


async def take_in_outbox(db: Database, data: bytes, by: Actor | None) -> OutboxReport:
    """Everything whole in the file has gone through the intake of deeds; the report says what became of each.

    `by` is who takes it in; only deeds of officers of the same agency are taken. None: whoever has the machine itself.

    Raises    deeds.not_an_outbox
    """
    found = read_outbox(data, signing_key().public_key())
    report = OutboxReport(hashlib.sha256(data).hexdigest(), found.exported_at, found.device_id, damaged=found.damaged)
    for account_id in dict.fromkeys(deed.account_id for deed in found.deeds):
        own = [deed for deed in found.deeds if deed.account_id == account_id]
        report.deeds += [_line(deed.raw, "set_aside") for deed in own if deed.state in GIVEN_UP]
        live = [deed for deed in own if deed.state not in GIVEN_UP]
        report.deeds += await Officer(db, account_id, found, report).take_in(live, by)
    return report


async def log_import(session: AsyncSession, report: OutboxReport, title: str, area_code: str | None) -> None:
    """It is on the ledger who took in which file, and what became of its deeds.

    Announces OutboxImported
    """
    await ledger.record(
        session,
        OutboxImported(
            subject_id=new_id(),
            subject={"title": title},
            area_code=area_code,
            words=f"导入手机本机记录：{title}",
            sha256=report.sha256,
            device=report.device_id,
            counts=report.counts,
        ),
    )


@dataclass
class Officer:
    """One officer whose deeds are in the file."""

    db: Database
    account_id: str
    found: OutboxFile
    report: OutboxReport

    async def take_in(self, deeds: Sequence[KeptDeed], by: Actor | None) -> list[DeedLine]:
        """The files of these deeds are in the store, and the deeds have been done or answered with why not."""
        actor = await self._actor(by)
        if isinstance(actor, LiandongError):
            return [_line(deed.raw, "refused", actor.body()) for deed in deeds]
        for sha256 in dict.fromkeys(str(deed.raw["payload"].get("sha256")) for deed in deeds):
            await self._keep(actor, sha256)
        receipts: dict[str, Receipt] = {}
        waiting = list(deeds)
        while waiting:  # a deed may need one of a later batch
            for batch in _batches(waiting):
                receipts |= {
                    deed.raw["id"]: one for deed, one in zip(batch, await self._send(actor, batch), strict=True)
                }
            left = [deed for deed in waiting if receipts[deed.raw["id"]].outcome == "waiting"]
            waiting = left if len(left) < len(waiting) else []
        said = ((deed.raw, receipts[deed.raw["id"]]) for deed in deeds)
        return [_line(raw, WORDS[receipt.outcome], receipt.problem) for raw, receipt in said]

    async def _actor(self, by: Actor | None) -> Actor | LiandongError:
        try:
            account_id = UUID(self.account_id)
        except ValueError:
            return Invalid("deeds.account_unknown")
        async with self.db.transaction(Role.app) as session:
            actor = await find_actor_of(session, account_id)
        if actor is None:
            return Invalid("deeds.account_unknown")
        if by is not None and by.agency_id != actor.agency_id:
            return Refused("deeds.other_agency")
        return actor

    async def _keep(self, actor: Actor, sha256: str) -> None:
        file = self.found.files.get(sha256)
        if file is None:
            return
        try:
            async with self.db.transaction(Role.app) as session:
                await take_seat(session, actor)
                await keep_file(session, sha256, file.content, file.media_type)
            self.report.files += 1
        except Invalid as error:
            self.report.damaged.append(Damage(f"file {sha256}", error.code))

    async def _send(self, actor: Actor, batch: Sequence[KeptDeed]) -> list[Receipt]:
        async with self.db.transaction(Role.app) as session:
            await take_seat(session, actor)
            return await take_deeds(session, actor, [deed.raw for deed in batch])


def _batches(deeds: Sequence[KeptDeed]) -> Iterator[Sequence[KeptDeed]]:
    for start in range(0, len(deeds), AT_ONCE):
        yield deeds[start : start + AT_ONCE]


def _line(raw: dict[str, Any], outcome: str, problem: dict[str, Any] | None = None) -> DeedLine:
    said = {name: str(raw.get(name, "")) for name in ("kind", "task_id", "happened_at")}
    return DeedLine(deed_id=str(raw.get("id")), outcome=outcome, problem=problem, **said)
