"""A real media server of another house: nginx with its RTMP module, configured by nothing but what we print for it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from liandong.means.ingest.nginx_rtmp import NginxRtmp
from tests.wires.mediaserver.test_relay import until
from tools.setup_media import MODULE, media_server

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """The server and its worker, started and ended as one group of processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, configuration: str | None = None) -> None:
        """It listens."""
        found = media_server()
        if found is None:
            pytest.fail("nginx with its RTMP module is missing: python3 tools/setup.py browser")
        program, module = found
        said = (configuration or NginxRtmp().configuration()).replace(f"/{MODULE}", str(module))
        places = " ".join(f"{one}_temp_path {self._folder / one};" for one in TEMPORARY)
        file, told = self._folder / "nginx.conf", self._folder / "error.log"
        file.write_text(
            f"error_log {told};\npid {self._folder / 'pid'};\n" + said.replace("http {", f"http {{ {places}")
        )
        words = ("-e", str(told), "-p", str(self._folder), "-c", str(file), "-g", "daemon off;")
        self._process = await asyncio.create_subprocess_exec(str(program), *words, start_new_session=True)

        async def listens() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, told.read_text()
            return await NginxRtmp().running() is not None

        await until(listens)

    async def kill(self) -> None:
        """It is gone as if its power had failed."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

        async def is_silent() -> bool:
            return await NginxRtmp().running() is None

        await until(is_silent)

    async def stop(self) -> None:
        """It runs no more."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()
