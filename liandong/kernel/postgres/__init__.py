"""The PostgreSQL that a command works on: the one it is pointed to, or one of its own under LIANDONG_HOME.

Any number of processes share the server of one home. The first that asks starts it and the last that leaves stops it;
a process that was killed counts as one that left. As root the server runs as `nobody`, because PostgreSQL refuses to
run as root. It listens on a Unix socket only and every connection needs a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liandong.kernel.postgres.binaries import locate_binaries
from liandong.kernel.postgres.cluster import Cluster
from liandong.kernel.postgres.leases import enter, leave
from liandong.kernel.postgres.server import Server

__all__ = ["Server", "lease", "locate_binaries"]


@contextmanager
def lease(home: Path, database_url: str | None = None) -> Iterator[Server]:
    """A server that accepts connections until the block ends.

    With `database_url` that server is used as it is and nothing is started.

    Raises    postgres.no_programs, postgres.other_version, postgres.not_yours, postgres.not_started,
              postgres.bad_url
    """
    if database_url:
        yield Server.at_url(database_url)
        return
    cluster = Cluster(home.expanduser().resolve())
    held = enter(cluster)
    try:
        yield cluster.server()
    finally:
        leave(cluster, held)
