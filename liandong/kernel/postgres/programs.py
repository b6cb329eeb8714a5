"""Running PostgreSQL's own programs, as a user without rights when we are root."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from liandong.kernel.postgres.binaries import reachable_by_all

NOBODY_UID = 65534
# The folder a process stands in, reached without walking down to it: opens a data folder below a private home.
HERE = "/proc/self/cwd"


@dataclass(frozen=True)
class Account:
    """The user that the server runs as."""

    uid: int
    gid: int
    is_other: bool

    @classmethod
    def for_server(cls) -> Account:
        """Ourselves, or `nobody` when we are root: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_other=False)
        try:
            entry = pwd.getpwuid(NOBODY_UID)
        except KeyError:
            entry = pwd.getpwnam("nobody")
        return cls(entry.pw_uid, entry.pw_gid, is_other=True)

    def give(self, path: Path) -> None:
        """`path` belongs to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Done:
    """How a program ended and what it said last."""

    failed: bool
    said: str


def run_program(
    program: Path, arguments: list[str], account: Account, data: Path, keep_open: int | None = None
) -> Done:
    """`program` has run on the folder `data`; the descriptor `keep_open` stays open in what it leaves running."""
    reachable = not account.is_other or reachable_by_all(data.parent)
    command = [str(program), *arguments, "-D", str(data) if reachable else HERE]
    # A file, not a pipe: a server left running would keep a pipe open, and reading it would never end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd=data,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=() if keep_open is None else (keep_open,),
            check=False,
            user=account.uid if account.is_other else None,
            group=account.gid if account.is_other else None,
            extra_groups=[] if account.is_other else None,
        )
        output.seek(0)
        return Done(done.returncode != 0, _complaint(output.read()))


def last_words(log: Path) -> str:
    """The last complaint in a server's log, on one line; empty if there is none."""
    try:
        return _complaint(log.read_text(errors="replace"))
    except OSError:
        return ""


def _complaint(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    loud = [line for line in lines if any(word in line.lower() for word in ("fatal", "panic", "error"))]
    return (loud or lines or [""])[-1]
