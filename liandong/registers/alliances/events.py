"""The facts the alliances room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


class MemorandumDrafted(Fact):
    """A memorandum is being written; its members do not have to sign yet."""


class MemorandumRewritten(Fact):
    """A draft says something else."""


@dataclass(frozen=True, kw_only=True)
class MemorandumOffered(Fact):
    """The text stands, and every member may sign it."""

    text_digest: str


class MemorandumRevised(Fact):
    """The text is written anew; what was signed of the one before is void."""


@dataclass(frozen=True, kw_only=True)
class MemorandumDiscarded(Fact):
    """Nobody will sign it, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class MemorandumSigned(Fact):
    """A member signed the text."""

    member_area: str
    text_digest: str


class MemorandumTookForce(Fact):
    """Every member has signed: from the first day of its term it grants what it says."""


class MemorandumExpired(Fact):
    """Its term is over; it grants nothing any more."""


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Fact):
    """A member belongs to it no more, with the reason."""

    member_area: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MemorandumEnded(Fact):
    """It ended before its term, because fewer than two members are left."""

    reason: str
