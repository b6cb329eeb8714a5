"""File locks that the kernel lets go of when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock(file: Path) -> int:
    """A descriptor on `file` to lock with; the file is made if it is missing."""
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def lock_alone(descriptor: int) -> None:
    """Nobody else holds this lock; waits for that."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def lock_together(descriptor: int) -> None:
    """This lock is held along with others that hold it together; waits while one holds it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def unlock(descriptor: int) -> None:
    """This descriptor holds no lock."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def try_lock_alone(descriptor: int) -> bool:
    """Whether the lock is now held alone; never waits."""
    return _try(descriptor, fcntl.LOCK_EX)


def try_lock_together(descriptor: int) -> bool:
    """Whether the lock is now held along with others; never waits."""
    return _try(descriptor, fcntl.LOCK_SH)


def is_held(file: Path) -> bool:
    """Whether any living process holds the lock of `file`."""
    descriptor = open_lock(file)
    try:
        return not try_lock_alone(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """The lock is held alone inside the block."""
    lock_alone(descriptor)
    try:
        yield
    finally:
        unlock(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
