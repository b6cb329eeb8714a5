"""The ledger: who did what, when, written in the same transaction as the deed.

It is at once audit trail, outbox, live feed and timeline. A fact gets its sequence number *after* its transaction
has ended, from one sequencer: numbers handed out before the end become visible out of order, and a feed that
resumes by them would silently lose facts. The chain covers each fact's digest, so that personal data can be taken
out of a payload under the law without breaking it.

Basis     行政处罚法 §47 (全过程记录)
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel import canonical
from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.kernel.memory import Into, gather

RECORDED, STAMPED = "liandong_recorded", "liandong_stamped"
GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened to one record. Rooms make their own facts from it; the class name is the fact's name.

    `after` holds, by kind and id, what a live picture shows of each record once this has happened (None: gone).
    `audience` are officers who see the fact wherever it lies, because it calls them to a task or releases them;
    `parties` are other divisions whose matter it is as well.
    """

    subject_id: UUID
    subject: dict[str, Any]
    area_code: str | None
    words: str
    task_id: UUID | None = None
    audience: tuple[UUID, ...] = ()
    parties: tuple[str, ...] = ()
    happened_at: datetime | None = None
    after: dict[str, dict[str, Any]] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """What a room's own fact says beyond the fields that every fact has, and `after`."""
        own = _own_fields(type(self))  # type: ignore[arg-type]
        said: dict[str, Any] = canonical.plain({name: getattr(self, name) for name in own})
        return {**said, "after": canonical.plain(self.after)}


@cache
def _own_fields(fact: type[Fact]) -> list[str]:
    return sorted({item.name for item in fields(fact)} - {item.name for item in fields(Fact)})


@dataclass(frozen=True)
class Author:
    """In whose name a transaction writes facts."""

    id: UUID | None
    name: str
    agency_id: UUID | None = None
    agency_name: str | None = None
    request_id: str | None = None


SYSTEM = Author(None, "系统")

Together = Callable[[AsyncSession, Any], Awaitable[None]]
together: dict[type[Fact], list[Together]] = {}
"""Hand-overs that run inside the deed's own transaction; filled by `flow.connect`."""


class LedgerFact(Base):
    """One fact on the ledger. Written once; afterwards only `seq` and `chain` are stamped, by the sequencer."""

    __tablename__ = "ledger_fact"
    entry_no: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    seq: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    name: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    agency_id: Mapped[UUID | None]
    agency_name: Mapped[str | None]
    area_code: Mapped[str | None]
    task_id: Mapped[UUID | None]
    audience: Mapped[list[UUID]]
    parties: Mapped[list[str]]
    room: Mapped[str]
    subject_id: Mapped[UUID]
    subject: Mapped[dict[str, Any]]
    words: Mapped[str]
    payload: Mapped[dict[str, Any]]
    digest: Mapped[str]
    chain: Mapped[str | None]
    request_id: Mapped[str | None]
    __table_args__ = (
        Index("ix_ledger_fact_unstamped", "entry_no", postgresql_where=text("seq IS NULL")),
        Index("ix_ledger_fact_subject", "subject_id", "entry_no"),
        Index("ix_ledger_fact_area", "area_code", "seq"),
        # facts come nearly in the order of their time: a replayed period is found at a thousandth of a tree's size
        Index("ix_ledger_fact_time", "happened_at", postgresql_using="brin"),
    )


class LedgerHead(Base):
    """The last stamped sequence number and chain value; its single row is the sequencer's lock."""

    __tablename__ = "ledger_head"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    chain: Mapped[str] = mapped_column(default=GENESIS)


def room_of(fact: type[Fact]) -> str:
    """The room that announces a fact: `liandong.work.problems.events` is `problems`."""
    return fact.__module__.rsplit(".", 2)[-2]


def author_of(session: AsyncSession) -> Author:
    """In whose name this transaction writes; the system itself if nobody signed in."""
    author = session.info.get("author", SYSTEM)
    assert isinstance(author, Author)
    return author


async def record(session: AsyncSession, fact: Fact) -> UUID:
    """A fact is written when the transaction ends well. Its TOGETHER hand-overs have run afterwards."""
    author, now = author_of(session), datetime.now(UTC)
    fact_id = new_id()
    row = {
        "id": fact_id,
        "name": type(fact).__name__,
        "happened_at": fact.happened_at or now,
        "recorded_at": now,
        "author_id": author.id,
        "author_name": author.name,
        "agency_id": author.agency_id,
        "agency_name": author.agency_name,
        "area_code": fact.area_code,
        "task_id": fact.task_id,
        "audience": list(fact.audience),
        "parties": list(fact.parties),
        "room": room_of(type(fact)),
        "subject_id": fact.subject_id,
        "subject": canonical.plain(fact.subject),
        "words": fact.words,
        "payload": fact.payload(),
        "request_id": author.request_id,
    }
    gather(session, FACTS, {**row, "digest": fact_digest(row)})
    for hand_over in together.get(type(fact), ()):
        await hand_over(session, fact)
    return fact_id


FACTS = Into(
    "ledger_fact",
    (
        "id", "name", "happened_at", "recorded_at", "author_id", "author_name", "agency_id", "agency_name", "area_code",
        "task_id", "audience", "parties", "room", "subject_id", "subject", "words", "payload", "request_id", "digest",
    ),
)  # fmt: skip

SAID = (
    "id", "name", "author_id", "author_name", "agency_id", "agency_name", "area_code", "task_id", "audience", "parties",
    "room", "subject_id", "subject", "words", "request_id",
)  # fmt: skip


def fact_digest(row: Mapping[str, Any]) -> str:
    """The SHA-256 of all that a fact says; its payload goes in as a digest of its own."""
    said = {name: row[name] for name in SAID}
    times = {name: row[name].astimezone(UTC) for name in ("happened_at", "recorded_at")}
    return canonical.digest({**said, **times, "payload": canonical.digest(row["payload"])})


def next_chain(chain: str, seq: int, digest: str) -> str:
    """The chain value of fact `seq`: SHA-256 over the value before it, its number and its digest."""
    return hashlib.sha256(f"{chain}:{seq}:{digest}".encode()).hexdigest()


class Stamped(NamedTuple):
    """A fact that has just been numbered."""

    entry_no: int
    name: str
    seq: int


_UNSTAMPED = text("SELECT entry_no, name, digest FROM ledger_fact WHERE seq IS NULL ORDER BY entry_no LIMIT :limit")
_STAMP = text(
    "UPDATE ledger_fact SET seq = mark.seq, chain = mark.chain"
    " FROM unnest(CAST(:entries AS bigint[]), CAST(:seqs AS bigint[]), CAST(:chains AS text[]))"
    " AS mark (entry_no, seq, chain) WHERE ledger_fact.entry_no = mark.entry_no"
)


async def stamp(session: AsyncSession, *, limit: int = 1000) -> Sequence[Stamped]:
    """Number and chain the facts whose transactions have ended; they are returned in order.

    Two sequencers never interleave: the head row is locked for the rest of the transaction. The identity column
    orders facts of one record as they happened, because the second writer waits for the first one's row lock.
    """
    head = (await session.execute(select(LedgerHead).with_for_update())).scalar_one()
    facts = (await session.execute(_UNSTAMPED, {"limit": limit})).all()
    if not facts:
        return []
    chains, first = [], head.seq + 1
    for fact in facts:
        head.seq += 1
        head.chain = next_chain(head.chain, head.seq, fact.digest)
        chains.append(head.chain)
    seqs = list(range(first, head.seq + 1))
    await session.execute(_STAMP, {"entries": [fact.entry_no for fact in facts], "seqs": seqs, "chains": chains})
    await session.execute(text("SELECT pg_notify(:channel, :seq)"), {"channel": STAMPED, "seq": str(head.seq)})
    return [Stamped(fact.entry_no, fact.name, seq) for fact, seq in zip(facts, seqs, strict=True)]


async def verify(session: AsyncSession) -> tuple[int, list[str]]:
    """Walk the chain from the start. Returns how many facts stand, and each break in words (none: it holds)."""
    chain, expected, breaks = GENESIS, 0, []
    rows = await session.stream_scalars(
        select(LedgerFact).where(LedgerFact.seq.is_not(None)).order_by(LedgerFact.seq).execution_options(yield_per=1000)
    )
    async for fact in rows:
        expected += 1
        if fact.seq != expected:
            breaks.append(f"seq {expected} is missing")
            expected = fact.seq or expected
        if fact_digest(vars(fact)) != fact.digest:
            breaks.append(f"seq {fact.seq} was altered")
        chain = next_chain(chain, expected, fact.digest)
        if chain != fact.chain:
            breaks.append(f"seq {fact.seq} does not follow from the one before")
            chain = fact.chain or chain
    head = (await session.execute(select(LedgerHead))).scalar_one()
    if (head.seq, head.chain) != (expected, chain):
        breaks.append(f"the ledger ends at seq {expected}, its head says {head.seq} or another chain")
    return expected, breaks
