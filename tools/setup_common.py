"""Shared by the steps of tools/setup.py: places, stamps, running a program. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class SetupFailed(Exception):
    """A step could not be done; the text is the one line the reader sees."""


def say(text: str) -> None:
    """The reader sees what is being done, at once."""
    print(f"setup: {text}", flush=True)


def run(command: list[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """The program ended with 0; otherwise SetupFailed with the end of what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        raise SetupFailed(f"{' '.join(str(part) for part in command[:4])} … ended with {done.returncode}\n{said}")


def digest_of(files: Iterable[Path]) -> str:
    """One SHA-256 over the names and contents of `files`, in a stable order."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read_stamp(file: Path) -> dict[str, str]:
    """What the last successful run wrote; empty if there was none."""
    try:
        stamp = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(file: Path, stamp: dict[str, str]) -> None:
    """The next run finds `stamp`; it never finds half of it."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(stamp))
    part.replace(file)
