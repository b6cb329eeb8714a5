"""A film whose frames bear their own number in black and white cells, and what sends it to the moment."""

from __future__ import annotations

import asyncio
import subprocess
import time
from pathlib import Path

from liandong.demo.encoder import connected, read_film
from liandong.means.film.chunks import VIDEO, Message, chunked

WIDTH, HEIGHT, RATE, SECONDS = 1280, 720, 25, 8
CELLS, CELL = 10, 32
FRAMES = RATE * SECONDS
FRAME = 1


def make_film(file: Path) -> None:
    """The film is in the file: H.264, 2 Mbit/s, a key frame every two seconds."""
    bars = bytearray()
    for number in range(FRAMES):
        row = b"".join((b"\xff" if number >> bit & 1 else b"\0") * CELL for bit in range(CELLS))
        bars += row * CELL
    sources = ["-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE}",
               "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{CELLS * CELL}x{CELL}", "-r", str(RATE), "-i", "-"]  # fmt: skip
    coding = ["-filter_complex", "overlay=shortest=1", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency",
              "-pix_fmt", "yuv420p", "-g", "50", "-b:v", "2M", "-maxrate", "2M", "-bufsize", "2M", "-an"]  # fmt: skip
    command = ["ffmpeg", "-v", "error", "-y", *sources, *coding, "-f", "flv", str(file)]
    subprocess.run(command, input=bytes(bars), check=True)


async def send(address: str, file: Path, sent_at: list[float]) -> None:
    """Send it over and over until cancelled; `sent_at` gets the moment (Unix seconds) of every frame as it goes."""
    film = read_film(file)
    lap_s = FRAMES / RATE
    async with connected(address) as writer:
        begun, lap = time.time(), 0
        while True:
            for tag in film:
                due = begun + lap * lap_s + tag.time_ms / 1000
                await asyncio.sleep(due - time.time())
                message = Message(VIDEO, round(lap * lap_s * 1000) + tag.time_ms, 1, tag.body)
                if tag.body[1] == FRAME:
                    sent_at.append(time.time())
                writer.write(chunked(message, lane_id=6))
                await writer.drain()
            lap += 1
