"""Who uses the server of a home: the first to come starts it, the last to leave stops it.

Every user holds the lock `users` together with the others, so the kernel itself keeps the list and strikes off the
dead. Starting and leaving pass one at a time through the lock `gate`. Whoever gets `users` alone is the last one and
stops the server; where the last one was killed, the keeper does (keeper.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from liandong.kernel.errors import Broken
from liandong.kernel.paths import PROJECT
from liandong.kernel.postgres.cluster import Cluster
from liandong.kernel.postgres.locks import (
    is_held,
    lock_together,
    locked,
    open_lock,
    try_lock_alone,
    try_lock_together,
    unlock,
)


@dataclass(frozen=True)
class Held:
    """The two open locks of one lease. Both stay open, so leaving works even after the home was deleted."""

    gate: int
    users: int

    def let_go(self) -> None:
        """Neither lock is held or open."""
        os.close(self.users)
        os.close(self.gate)


def enter(cluster: Cluster) -> Held:
    """The server runs, and goes on running until `leave` or the end of this process."""
    try:
        cluster.prepare_folder()
        held = Held(open_lock(cluster.gate_file), open_lock(cluster.users_file))
    except PermissionError as problem:
        raise Broken("postgres.not_yours", folder=str(cluster.home)) from problem
    except OSError as problem:
        raise Broken("postgres.not_started", reason=str(problem)) from problem
    try:
        with locked(held.gate):
            # Waits here while the keeper is stopping a server whose users were all killed.
            lock_together(held.users)
            _start_or_undo(cluster, held)
    except BaseException:
        held.let_go()
        raise
    return held


def leave(cluster: Cluster, held: Held) -> None:
    """This user is off the list; if it was the last, the server has stopped."""
    try:
        with locked(held.gate):
            _stop_if_last(cluster, held)
    finally:
        held.let_go()


def _start_or_undo(cluster: Cluster, held: Held) -> None:
    try:
        cluster.ensure_running()
        _ensure_keeper(cluster)
    except BaseException:
        with suppress(OSError):
            _stop_if_last(cluster, held)
        raise


def _stop_if_last(cluster: Cluster, held: Held) -> None:
    unlock(held.users)
    if try_lock_alone(held.users):
        cluster.stop()
    elif not try_lock_together(held.users):
        # Neither alone nor together: the keeper came first and is stopping the server. Wait until it is done.
        lock_together(held.users)


def _ensure_keeper(cluster: Cluster) -> None:
    if is_held(cluster.keeper_file):
        return
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "liandong.kernel.postgres.keeper", str(cluster.home)]
    # Without a keeper (a process that gave up the right to run its own Python) all holds but this: if the last user
    # is killed, the server waits for the next one to leave.
    with suppress(PermissionError):
        subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": path},
            cwd="/",
            check=True,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
