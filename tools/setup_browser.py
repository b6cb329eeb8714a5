"""The step `browser`: Chromium, Chinese fonts and ffmpeg for the tests of faces and pictures. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess

from tools.setup_common import SetupFailed, run, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def browser() -> str | None:
    """Path of the browser the tests drive: LIANDONG_TEST_BROWSER, else the first Chromium on PATH."""
    named = os.environ.get("LIANDONG_TEST_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font that can draw Chinese."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout.strip())


def install_browser() -> None:
    """A browser, a Chinese font and an encoder are there; where they cannot be installed, one line says what is missing."""
    missing = ([] if browser() else ["chromium"]) + ([] if has_chinese_font() else ["fontconfig", "fonts-noto-cjk"])
    # a program that tests start; nothing of ours is linked to it
    missing += [] if shutil.which("ffmpeg") else ["ffmpeg"]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupFailed(
            f"the browser tests need {' and '.join(missing)}; install them "
            f"(Debian: sudo apt-get install -y {' '.join(missing)}) or set LIANDONG_TEST_BROWSER to a Chromium"
        )
    say(f"installing {', '.join(missing)} by apt")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], env=quiet)
    run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing], env=quiet)
