"""The step `web`: node packages when the lock changed, built faces when a source changed. Standard library only."""

from __future__ import annotations

from pathlib import Path

from tools.setup_common import ROOT, digest_of, read_stamp, run, say, write_stamp
from tools.setup_node import node_environment
from tools.setup_python import install_node_package

APPS = ROOT / "apps"
RULEBOOK = ROOT / "rulebook"
LOCK = APPS / "package-lock.json"
NOT_SOURCES = {"node_modules", "dist", "test-results"}


def build_faces() -> None:
    """apps/dist/* hold the faces as built from the present sources; nothing is done where they already do."""
    if not LOCK.exists():
        return
    install_node()
    stamp_file = APPS / "node_modules" / ".liandong-build.json"
    stamp = {"sources": digest_of(_sources())}
    built = [APPS / "dist" / workspace.name / "index.html" for workspace in _faces()]
    built.append(APPS / "dist" / "webrtc" / "webrtc.mjs")
    if read_stamp(stamp_file) == stamp and all(page.exists() for page in built):
        return
    say("building the faces")
    run(["npm", "run", "build"], cwd=APPS, env=node_environment())
    write_stamp(stamp_file, stamp)


def install_node() -> None:
    """apps/node_modules is what package-lock.json says, to the hash."""
    if not LOCK.exists():
        return
    install_node_package()
    stamp_file = APPS / "node_modules" / ".liandong-lock.json"
    stamp = {"lock": digest_of([LOCK])}
    if read_stamp(stamp_file) == stamp:
        return
    say("installing node packages")
    run(["npm", "ci", "--no-audit", "--no-fund"], cwd=APPS, env=node_environment())
    write_stamp(stamp_file, stamp)


def _faces() -> list[Path]:
    return [page.parent for page in APPS.glob("*/index.html") if page.parent.name not in NOT_SOURCES]


def _sources() -> list[Path]:
    found: list[Path] = []
    folders = [APPS, RULEBOOK]  # faces carry words and rules from the rulebook
    while folders:
        for entry in folders.pop().iterdir():
            if entry.is_dir() and not entry.is_symlink() and entry.name not in NOT_SOURCES:
                folders.append(entry)
            elif entry.is_file() and not entry.name.endswith((".tsbuildinfo", ".test.ts")):
                found.append(entry)
    return found
