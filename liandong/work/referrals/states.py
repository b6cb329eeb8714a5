"""The states of a referral. Whoever owns the clue follows from them: the sender until it is accepted or designated."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class ReferralState(StrEnum):
    """Where a referral stands."""

    sent = "sent"
    escalated = "escalated"
    accepted = "accepted"
    returned = "returned"
    withdrawn = "withdrawn"
    asked = "asked"
    designated = "designated"


_WAITING = {ReferralState.sent, ReferralState.escalated}
REFERRAL_STATES = StateTable(
    "referrals",
    "referral",
    ReferralState,
    ReferralState.sent,
    [
        move("accept", _WAITING, ReferralState.accepted),
        move("return", _WAITING, ReferralState.returned),
        move("withdraw", _WAITING, ReferralState.withdrawn),
        move("escalate", ReferralState.sent, ReferralState.escalated),
        move("ask", ReferralState.accepted, ReferralState.asked),
        move("designate", {ReferralState.escalated, ReferralState.asked}, ReferralState.designated),
    ],
)
WAITING_STATES = frozenset(_WAITING)
OPEN_STATES = WAITING_STATES | {ReferralState.asked}
"""The clue cannot be taken up or declined: it is being decided whose it is."""
