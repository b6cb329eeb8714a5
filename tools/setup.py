"""Everything a fresh machine lacks, installed once and skipped when nothing changed. Standard library only.

    python3 tools/setup.py python      .venv with the server and the `liandong` command
    python3 tools/setup.py dev         the same, plus what the tests and checks need
    python3 tools/setup.py node        what the faces are built and checked with
    python3 tools/setup.py web         the faces, built into apps/*/dist
    python3 tools/setup.py browser     Chromium, Chinese fonts, ffmpeg and a media server for the tests of faces and pictures
Several words may be given; they are done in the order given. Nothing is started.
"""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import setup_browser, setup_media, setup_python, setup_web
from tools.setup_common import SetupFailed


def _browser() -> None:
    setup_browser.install_browser()
    setup_media.unpack_media_server()


STEPS = {
    "python": setup_python.install_server,
    "dev": setup_python.install_tests,
    "node": setup_web.install_node,
    "web": setup_web.build_faces,
    "browser": _browser,
}


def main(words: list[str]) -> int:
    """Every step named is done; 0, or 1 with one line on stderr saying what to do by hand."""
    unknown = [word for word in words if word not in STEPS]
    if unknown or not words:
        print(__doc__, file=sys.stderr)
        return 2
    # Two runs at once would unpack into the same folders; the second waits here and then finds all done.
    with Path(__file__).open("rb") as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        try:
            for word in words:
                STEPS[word]()
        except SetupFailed as failure:
            print(f"setup: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    setup_python.use_a_python_new_enough(str(Path(__file__).resolve()))
    sys.exit(main(sys.argv[1:]))
