"""A process that uses the server of a home: `python postgres_user.py HOME SQL UID`.

It becomes the user UID, takes a lease, runs the SQL, prints the result, and keeps the lease until its standard input
closes. It changes user itself, after its imports, because the Python of a private folder is closed to other users.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg

from liandong.kernel import postgres
from liandong.kernel.errors import LiandongError


def main() -> int:
    """0 when the lease was held and given back; 1 with one line when the server did not start."""
    home, sql, uid = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    try:
        with postgres.lease(home) as server, psycopg.connect(server.conninfo(), autocommit=True) as connection:
            print(connection.execute(sql).fetchone()[0], flush=True)
            sys.stdin.read()
    except LiandongError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
