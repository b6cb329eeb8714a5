"""Every benchmark in turn, each in a process of its own; the last line is one JSON object of all their figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks that there are: `bench_feed.py` is `feed`."""
    return sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))


def run(name: str) -> dict[str, Any] | None:
    """The figures of one benchmark, whose table has been printed; None if it failed."""
    program = subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.bench_{name}"], cwd=HERE.parent, stdout=subprocess.PIPE, text=True
    )
    last = ""
    assert program.stdout
    for line in program.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    if program.wait() != 0:
        return None
    figures: dict[str, Any] = json.loads(last)
    return figures


def main(wanted: list[str]) -> int:
    """Run what is wanted (nothing named: all). Returns the exit code: 1 if one failed, 2 if a name is unknown."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    figures: dict[str, Any] = {}
    for name in wanted or names():
        print(f"── {name}", flush=True)
        figures |= run(name) or {name: None}
    print(json.dumps(figures, ensure_ascii=False))
    return 1 if None in figures.values() else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
