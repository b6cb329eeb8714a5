"""taky (MIT), a TAK server in Python, installed from its hash-pinned list into an environment of its own, and run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.setup_common import ROOT, VENV, digest_of, read_stamp, run, write_stamp

HOME = VENV / "peers"
LIST = ROOT / "requirements" / "peers.txt"
STAMP = HOME / "liandong-stamp.json"
BUILDERS = ("setuptools", "setuptools-scm", "vcs-versioning", "packaging", "wheel")
"""taky comes as source; what builds it must be there before it, and unpacked from the same list."""
MOST_CONNECTIONS = 1000
"""taky waits with select(), which knows no more than 1,024 open files."""


def install() -> Path:
    """The peer's Python, with everything it needs; nothing is done when it is there already."""
    stamp = {"digest": digest_of([LIST])}
    if read_stamp(STAMP) != stamp:
        uv = VENV / "bin" / "uv"
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, HOME])
        into = ["--quiet", "--python", HOME / "bin" / "python", "--require-hashes"]
        builders = HOME / "builders.txt"
        builders.write_text(_part(LIST.read_text(encoding="utf-8"), BUILDERS), encoding="utf-8")
        run([uv, "pip", "install", *into, "-r", builders])
        run([uv, "pip", "install", *into, "--no-build-isolation", "-r", LIST])
        write_stamp(STAMP, stamp)
    return HOME / "bin" / "python"


def _part(text: str, names: tuple[str, ...]) -> str:
    blocks = text.replace("\n    ", " ").splitlines()
    return "\n".join(block.replace("\\ ", "") for block in blocks if block.split("==")[0] in names) + "\n"


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    """taky listens on the port, in plain TCP, with what it logs by itself set to warnings."""
    config = home / "taky.conf"
    config.write_text(f"[taky]\nbind_ip=127.0.0.1\nroot_dir={home}\n[cot_server]\nport={port}\n[ssl]\nenabled=false\n")
    with (home / "taky.log").open("ab") as log:
        words = [install(), "-m", "taky.cot", "-c", config, "-l", "warning"]
        return subprocess.Popen(words, stdout=log, stderr=log, cwd=home)
