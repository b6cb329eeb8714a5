"""Keys of this installation, all derived from one master secret (HKDF, RFC 5869).

The master secret is `LIANDONG_SECRET` or a file of mode 0600 below the home folder, made at first use. Several
machines that share one database must share it.
"""

from __future__ import annotations

import base64
import os
import secrets as random_secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liandong.kernel.settings import settings


def _master(home: Path) -> bytes:
    given = os.environ.get("LIANDONG_SECRET")
    if given:
        return given.encode()
    file = home / "secrets" / "master"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(random_secrets.token_hex(32))
        with suppress(FileExistsError):  # the first process to arrive wins; the others read its secret
            os.link(scratch, file)
        scratch.unlink()
    return file.read_text().strip().encode()


@cache
def derive(purpose: str) -> bytes:
    """32 bytes for one purpose, the same for every process of this installation."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"liandong:{purpose}".encode())
    return kdf.derive(_master(settings().home_folder))


@cache
def signing_key() -> Ed25519PrivateKey:
    """The key this installation signs receipts with (Ed25519)."""
    return Ed25519PrivateKey.from_private_bytes(derive("receipts"))


def fernet_key(purpose: str) -> bytes:
    """A key for symmetric encryption of one kind of data (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return base64.urlsafe_b64encode(derive(f"fernet:{purpose}"))
