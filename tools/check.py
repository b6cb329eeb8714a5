"""`python -m tools.check`: everything that is checked without running the program, each on one line.

All checks run even when one fails; the exit code is 1 if any did.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.setup_node import node_environment

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
APPS = ROOT / "apps"


def checks() -> list[tuple[str, list[str], Path]]:
    """Every check: its name, its command, the folder it runs in."""
    python = str(BIN / "python")
    found = [
        ("format", [str(BIN / "ruff"), "format", "--check", "."], ROOT),
        ("lint", [str(BIN / "ruff"), "check", "."], ROOT),
        ("types", [str(BIN / "mypy")], ROOT),
        ("imports look down", [str(BIN / "lint-imports")], ROOT),
        ("house rules", [python, "-m", "tools.check_house"], ROOT),
        ("docstrings", [str(BIN / "interrogate"), "--quiet", "-vv", "liandong"], ROOT),
        ("generated files", [python, "-m", "tools.generate", "--check"], ROOT),
    ]
    if (APPS / "package-lock.json").exists():
        found.append(("types of the faces", ["npm", "run", "--silent", "typecheck"], APPS))
    return found


def main() -> int:
    """0 if every check passed; otherwise 1, after showing what each failing check said."""
    failed = 0
    environment = {**os.environ, **node_environment()}
    for name, command, folder in checks():
        started = time.monotonic()
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        failed += done.returncode != 0
        print(f"{'BAD ' if done.returncode else 'ok  '} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if done.returncode:
            print((done.stdout + done.stderr).rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
