"""Whose the clue of a referral is, by the referral alone. The clue's own area must say the same at every instant."""

from __future__ import annotations

from liandong.work.referrals.states import ReferralState
from liandong.work.referrals.tables import Referral

MOVED = frozenset({ReferralState.accepted, ReferralState.asked})


def owner_of(referral: Referral) -> str:
    """The area that owns the clue: the sender's until it is accepted, then the receiver's, then whom the superior named."""
    if referral.designated_area is not None:
        return referral.designated_area
    return referral.to_area if ReferralState(referral.state) in MOVED else referral.area_code
