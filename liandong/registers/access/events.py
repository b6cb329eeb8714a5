"""The facts the access room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    """An account signed in."""


@dataclass(frozen=True, kw_only=True)
class SignInFailed(Fact):
    """A sign-in to an existing account was refused."""
