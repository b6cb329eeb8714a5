"""`make lock`: requirements/*.txt hold the newest versions that requirements/*.in allow, each with its hashes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.setup_common import ROOT, VENV, run

# base first: dev is held to the versions that base chose.
LISTS = ("base", "dev", "uv", "node", "peers")
# No address of a registry is written, so that everyone installs from their own.
OPTIONS = ("--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate", "--no-header", "--upgrade")


def main() -> None:
    """Every list is pinned."""
    for name in LISTS:
        source, target = (ROOT / "requirements" / f"{name}.{kind}" for kind in ("in", "txt"))
        run([VENV / "bin" / "uv", "pip", "compile", "--quiet", *OPTIONS, "--output-file", target, source])


if __name__ == "__main__":
    main()
