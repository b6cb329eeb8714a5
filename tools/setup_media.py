"""Part of the step `browser`: a media server for the tests, unpacked and not installed. Standard library only.

Debian's nginx with its RTMP module. Installed, it would listen on this machine from now on; unpacked below .venv it runs only
when a test starts it, and needs no rights.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tools.setup_common import VENV, SetupFailed, run, say

PACKAGES = ("nginx", "libnginx-mod-rtmp")
FOLDER = VENV / "media-server"
MODULE = Path("usr/lib/nginx/modules/ngx_rtmp_module.so")
PROGRAM = Path("usr/sbin/nginx")


def media_server() -> tuple[Path, Path] | None:
    """The program and its RTMP module: the ones unpacked here, else the machine's own; None where neither is."""
    for root in (FOLDER, Path("/")):
        if (root / PROGRAM).exists() and (root / MODULE).exists():
            return root / PROGRAM, root / MODULE
    return None


def unpack_media_server() -> None:
    """The media server is there; where it cannot be had, one line says what is missing."""
    if media_server() is not None:
        return
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise SetupFailed(
            f"the tests of media servers need Debian's {' and '.join(PACKAGES)}; nginx with its RTMP module"
        )
    say(f"unpacking {', '.join(PACKAGES)}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        try:
            run(["apt-get", "download", "-q", *PACKAGES], cwd=Path(folder))
        except SetupFailed:  # this machine has never asked which packages there are
            run(["apt-get", "update", "-q"])
            run(["apt-get", "download", "-q", *PACKAGES], cwd=Path(folder))
        for package in sorted(Path(folder).glob("*.deb")):
            run(["dpkg-deb", "-x", str(package), str(FOLDER)])
