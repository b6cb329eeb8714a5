"""Passwords: argon2id with the library's defaults (RFC 9106)."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Made when it is first needed: a tenth of a second that most processes never need."""
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash of a password; about a tenth of a second of one core by design."""
    return _hasher.hash(password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; an account that does not exist takes as long as one that does."""
    return await asyncio.to_thread(_verify, password, password_hash or _nobody()) and password_hash is not None


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
