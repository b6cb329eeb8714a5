"""The keeper: a process that waits until no user of a home's server is left, and stops the server.

Users stop it themselves when they leave in order. The keeper is for the day when the last one was killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from liandong.kernel.postgres.cluster import Cluster
from liandong.kernel.postgres.locks import lock_alone, open_lock, try_lock_alone


def keep(home: Path) -> None:
    """The server of `home` has stopped, and so has this keeper; returns at once where another keeper is at work."""
    cluster = Cluster(home)
    keeper = open_lock(cluster.keeper_file)
    if not try_lock_alone(keeper) or os.fork() != 0:
        return
    _be_quiet()
    users = open_lock(cluster.users_file)
    lock_alone(users)
    cluster.stop()
    # In this order: whoever enters now waits for `users`, and then must see that a new keeper is needed.
    os.close(keeper)
    os.close(users)


def _be_quiet() -> None:
    """The terminal or pipe of the process that started the keeper may close without waiting for it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
