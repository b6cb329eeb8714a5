"""The facts the referrals room announces. Both sides hear each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class ClueTold(Fact):
    """What every fact about a referral says: which clue, from whom, to whom."""

    clue_id: UUID
    from_area: str
    to_area: str


class ReferralSent(ClueTold):
    """A neighbour was told of a clue; it stays the sender's until the neighbour accepts it."""


class ReferralAccepted(ClueTold):
    """The neighbour took the clue over and owns it now."""


@dataclass(frozen=True, kw_only=True)
class ReferralReturned(ClueTold):
    """The neighbour says with a reason why it is not his; it is the sender's as it was."""

    title: str
    element: str | None
    reason: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, kw_only=True)
class ReferralWithdrawn(ClueTold):
    """The sender keeps the clue after all."""

    reason: str


class ReferralEscalated(ClueTold):
    """Nobody answered in time; the superior may say whose it is."""


@dataclass(frozen=True, kw_only=True)
class ReferralAsked(ClueTold):
    """Whoever took it over believes it is not his and asks the superior, because he may not hand it on."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ReferralDesignated(ClueTold):
    """The superior has said whose it is."""

    area: str


@dataclass(frozen=True, kw_only=True)
class ReferralAnswered(ClueTold):
    """The sender is told what became of the clue."""

    outcome: str
