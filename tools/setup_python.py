"""The steps `python` and `dev`: .venv from hash-pinned lists. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup_common import PYTHON, ROOT, VENV, SetupFailed, digest_of, read_stamp, run, say, write_stamp
from tools.setup_node import needs_node_package

OLDEST = (3, 11)
STAMP = VENV / "liandong-stamp.json"
LISTS = ROOT / "requirements"


def use_a_python_new_enough(script: str) -> None:
    """This process is a Python of at least 3.11: the same script goes on in a newer one if need be."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, script, *sys.argv[1:]])  # noqa: S606
    sys.exit("setup: Python 3.11 or newer is needed (Debian and Ubuntu: apt install python3 python3-venv)")


def install_server() -> None:
    """.venv holds the server and the `liandong` command, and still the test tools if it had them."""
    _install(with_tests=read_stamp(STAMP).get("with_tests") == "yes")


def install_tests() -> None:
    """.venv holds the server, the tests' tools, and Node where the machine has none new enough."""
    _install(with_tests=True)


def install_node_package() -> None:
    """.venv holds Node as well, if the machine has none new enough."""
    install_server()


def _install(*, with_tests: bool) -> None:
    _install_lists(with_tests=with_tests)
    # where Python is told to write no bytecode, every process of ours would compile all it imports at each start
    run([PYTHON, "-m", "compileall", "-q", ROOT / "liandong"])


def _install_lists(*, with_tests: bool) -> None:
    names = ["base", "uv"] + (["dev"] if with_tests else []) + (["node"] if needs_node_package() else [])
    lists = [LISTS / f"{name}.txt" for name in names]
    stamp = {"digest": digest_of([*lists, ROOT / "pyproject.toml"]), "with_tests": "yes" if with_tests else "no"}
    if read_stamp(STAMP) == stamp and _venv_runs():
        return
    _make_venv()
    say(f"installing Python packages ({', '.join(names)})")
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LISTS / "uv.txt"])
    _run_uv([uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", *lists])
    _run_uv([uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT])
    write_stamp(STAMP, stamp)


def _run_uv(command: list[str | Path]) -> None:
    """uv ended well, with the certificates it brings along or, behind a proxy that has its own, with the machine's."""
    env = {"VIRTUAL_ENV": str(VENV), **_index_of_pip()}
    try:
        run(command, env=env)
    except SetupFailed:
        run(command, env={**env, "UV_SYSTEM_CERTS": "true"})


def _index_of_pip() -> dict[str, str]:
    """The mirror that this machine's pip is told to use, for uv, which does not read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return {}
    command = [PYTHON, "-m", "pip", "config", "list"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"index-url='([^']+)'", re.sub(r"extra-index-url='[^']*'", "", said))
    return {"UV_DEFAULT_INDEX": found[1]} if found else {}


def _venv_runs() -> bool:
    """Whether .venv's Python still starts: it does not after the system's Python was removed or the folder moved."""
    command = VENV / "bin" / "liandong"
    try:
        moved = str(PYTHON) not in command.read_text()[:500]
        return not moved and _says_yes([PYTHON, "-c", ""])
    except OSError:
        return False


def _says_yes(command: list[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    if PYTHON.exists() and _says_yes([PYTHON, "-m", "pip", "--version"]):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    say("making .venv")
    if _says_yes([sys.executable, "-m", "venv", VENV]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("this Python has no venv module; installing python3-venv by apt")
        run(["apt-get", "install", "-y", "-q", f"python3.{sys.version_info[1]}-venv"])
        run([sys.executable, "-m", "venv", VENV])
        return
    raise SetupFailed("this Python cannot make virtual environments (Debian and Ubuntu: apt install python3-venv)")
