"""`make chaos-field KILLS=1000 SEED=7`: nothing is lost and nothing doubled, or the exit status says so."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

FINDINGS_SHOWN = 50


def main() -> int:
    """The run is carried out and reported; 0 only if nothing was found."""
    parser = argparse.ArgumentParser(prog="make chaos-field", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="begin no visit after this; audit what was done"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder of the run for looking into it")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1, 10**9) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="liandong-chaos-"))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else, and has its socket here
    for name in [name for name in os.environ if name.startswith("LIANDONG_") and name != "LIANDONG_TEST_BROWSER"]:
        del os.environ[name]
    os.environ |= {"LIANDONG_HOME": str(folder / "home"), "LIANDONG_SECRET": "the secret of a chaos run"}
    try:
        print(f"chaos-field: SEED={seed} KILLS={given.kills}; the servers' words: {folder / 'servers.log'}", flush=True)
        return _run(folder, seed, given)
    finally:
        if given.keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, seed: int, given: argparse.Namespace) -> int:
    from tests.chaos.field import carry_out  # noqa: PLC0415  the settings are read when this is imported
    from tests.chaos.report import in_words  # noqa: PLC0415

    began = time.monotonic()

    def say(words: str) -> None:
        print(f"  {time.monotonic() - began:6.0f} s  {words}", flush=True)

    outcome = asyncio.run(carry_out(folder, seed, given.kills, given.minutes, say))
    print(in_words(outcome.figures))
    for finding in outcome.findings[:FINDINGS_SHOWN]:
        print(f"  {finding.kind:8} {finding.what}")
    print(json.dumps(outcome.figures, ensure_ascii=False))
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
