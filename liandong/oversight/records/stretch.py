"""The stretch of the ledger that a record shows: its own facts whole, of the facts in between their digests only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import canonical
from liandong.kernel.errors import Refused
from liandong.kernel.ledger import GENESIS, SAID, LedgerFact, LedgerHead
from liandong.oversight.records.content import in_utc
from liandong.oversight.records.proof.chain import fact_path
from liandong.oversight.records.proof.form import LINKS

TIMES = ("happened_at", "recorded_at")


async def read_stretch(session: AsyncSession, subjects: set[UUID]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What the manifest says of the ledger, and the entries: facts by path, and the links between them as text.

    Between the first and the last fact every number is there, so that the chain can be walked through; of facts that
    speak of something else only number and digest.

    Raises    records.not_stamped: a fact of the visit has no number yet
    """
    rows = select(LedgerFact).where(LedgerFact.subject_id.in_(subjects)).order_by(LedgerFact.entry_no)
    facts = (await session.execute(rows)).scalars().all()
    if any(fact.seq is None for fact in facts):
        raise Refused("records.not_stamped")
    if not facts:
        return None, {}
    own = {fact.seq: fact for fact in facts if fact.seq is not None}
    first, last = min(own), max(own)
    entries: dict[str, Any] = {fact_path(seq): fact_json(fact) for seq, fact in sorted(own.items())}
    entries[LINKS] = await _links(session, first, last, set(own))
    head = (await session.execute(select(LedgerHead))).scalar_one()
    before = await session.execute(select(LedgerFact.chain).where(LedgerFact.seq == first - 1))
    span = {
        "from_seq": first,
        "to_seq": last,
        "chain_before": before.scalar_one_or_none() or GENESIS,
        "chain_after": own[last].chain,
        "head_seq": head.seq,
        "head_chain": head.chain,
    }
    return span, entries


async def _links(session: AsyncSession, first: int, last: int, own: set[int]) -> str:
    rows = select(LedgerFact.seq, LedgerFact.digest).where(LedgerFact.seq.between(first, last))
    between = await session.stream(rows.order_by(LedgerFact.seq).execution_options(yield_per=10_000))
    return "".join([f"{row.seq} {row.digest}\n" async for row in between if row.seq not in own])


def fact_json(fact: LedgerFact) -> dict[str, Any]:
    """A fact as the record shows it: number, digest and chain; what it says; its payload."""
    said = {name: in_utc(getattr(fact, name)) for name in (*SAID, *TIMES)}
    marks = {"seq": fact.seq, "digest": fact.digest, "chain": fact.chain}
    return {**marks, "said": canonical.plain(said), "payload": canonical.plain(fact.payload)}
