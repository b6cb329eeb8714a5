"""Which Node builds the faces: the machine's if it is new enough, else the one from PyPI. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

from tools.setup_common import ROOT, VENV

OLDEST = (20, 19)


@cache
def machine_has_node() -> bool:
    """Whether the machine's own node (not .venv's) is at least 20.19 and has npm beside it."""
    path = os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if not p.startswith(str(VENV)))
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip().lstrip("v")
    numbers = said.split(".")
    return len(numbers) >= 2 and all(n.isdigit() for n in numbers[:2]) and tuple(map(int, numbers[:2])) >= OLDEST


def needs_node_package() -> bool:
    """Whether .venv must carry Node: there are faces to build and the machine has no Node for it."""
    return (ROOT / "apps" / "package-lock.json").exists() and not machine_has_node()


def node_environment() -> dict[str, str]:
    """The environment of npm and vite; .venv's programs come first only where Node lives there."""
    here = os.environ.get("PATH", "")
    if machine_has_node():
        return {}
    # A Node from a package does not know the certificates that the machine trusts unless it is told to look.
    return {"PATH": f"{VENV / 'bin'}{os.pathsep}{here}", "NODE_USE_SYSTEM_CA": "1"}
