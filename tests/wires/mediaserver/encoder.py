"""A real encoder: ffmpeg, started and ended by its process id."""

from __future__ import annotations

import asyncio
import shutil

import pytest

SOURCE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25")
H264 = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-pix_fmt",
    "yuv420p",
    "-g",
    "25",
    "-b:v",
    "300k",
)


def ffmpeg() -> str:
    """Where ffmpeg is; a test that needs one fails without it."""
    found = shutil.which("ffmpeg")
    if found is None:
        pytest.fail("ffmpeg is missing: python3 tools/setup.py browser")
    return found


class Encoder:
    """Sends a moving test picture in real time."""

    def __init__(self) -> None:
        self.process: asyncio.subprocess.Process | None = None

    async def send(self, address: str, *codec: str, source: tuple[str, ...] = SOURCE) -> None:
        """The encoder runs."""
        await self.send_as(*(codec or H264), "-an", "-f", "flv", address, source=source)

    async def send_as(self, *words: str, source: tuple[str, ...] = SOURCE) -> None:
        """The encoder runs with these words behind its source."""
        pipe = asyncio.subprocess.PIPE
        said = ("-hide_banner", "-loglevel", "error", "-re", *source, *words)
        self.process = await asyncio.create_subprocess_exec(ffmpeg(), *said, stdin=pipe, stderr=pipe)

    async def quit(self) -> None:
        """The encoder ends as somebody ends it who asks it to: what it had begun is complete."""
        assert self.process is not None
        await asyncio.wait_for(self.process.communicate(b"q"), 15)

    async def said(self) -> tuple[int, str]:
        """How it ended by itself, and what it said."""
        assert self.process is not None
        _, words = await asyncio.wait_for(self.process.communicate(), 15)
        assert self.process.returncode is not None
        return self.process.returncode, words.decode("utf-8", "replace")

    async def kill(self) -> None:
        """The encoder is gone as if its power had failed."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """The encoder runs no more."""
        if self.process is not None and self.process.returncode is None:
            await self.kill()
