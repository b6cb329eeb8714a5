"""The demo's aircraft pictures, films and photographs, drawn and encoded anew: `python -m tools.sample_pictures` (needs ffmpeg and pillow).

An invented landscape passes below, and every frame says that it is a sample. The result is kept in the tree, so that
the demo needs no encoder.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from tools.setup_common import ROOT

TARGET = ROOT / "liandong" / "demo" / "pictures"
WIDTH, HEIGHT, RATE, SECONDS = 640, 360, 15, 16
LAND = (2000, 1200)
FIELDS = ("#5d7c3f", "#6f8b4a", "#8a8f4e", "#4f7040", "#7b7a4a", "#637f52")
ENCODE = [
    "-c:v",
    "libx264",
    "-preset",
    "slow",
    "-profile:v",
    "baseline",
    "-pix_fmt",
    "yuv420p",
    "-g",
    "30",
    "-b:v",
    "280k",
]


@dataclass(frozen=True)
class Flight:
    """One picture: its file, what it says, where it flies, and the dice of its landscape."""

    file: str
    words: str
    start: tuple[int, int]
    end: tuple[int, int]
    seed: int


FLIGHTS = [
    Flight("drone-1.flv", "无人机一号", (60, 300), (1300, 560), 3),
    Flight("drone-2.flv", "无人机二号", (1300, 760), (80, 120), 8),
]


DOCK = Flight("drone-dock.flv", "机场无人机", (200, 80), (900, 720), 5)
PHOTOS = 3


def landscape(seed: int) -> Image.Image:
    """Fields, a river, roads and sheds that are nowhere."""
    dice = random.Random(seed)  # noqa: S311  the same landscape every time
    land = Image.new("RGB", LAND, "#68803f")
    pen = ImageDraw.Draw(land)
    for x in range(0, LAND[0], 160):
        for y in range(0, LAND[1], 110):
            edge = dice.randint(-20, 20)
            pen.rectangle((x, y + edge, x + 156, y + 106), fill=dice.choice(FIELDS))
            for furrow in range(x, x + 156, 9):
                pen.line((furrow, y + edge, furrow, y + 106), fill="#5a6b3a")
    bank = [(x, 520 + 130 * ((x // 300) % 2) + dice.randint(-30, 30)) for x in range(-100, LAND[0] + 200, 100)]
    pen.line(bank, fill="#8f8a6a", width=76, joint="curve")
    pen.line(bank, fill="#3f6f8a", width=60, joint="curve")
    for road in (240, 1130, 1690):
        pen.line((road, 0, road + 60, LAND[1]), fill="#9a978f", width=22)
        pen.line((road, 0, road + 60, LAND[1]), fill="#d9d4c0", width=2)
    for _ in range(26):
        x, y = dice.randint(0, LAND[0]), dice.randint(0, LAND[1])
        wide, high = dice.randint(50, 130), dice.randint(30, 70)
        pen.rectangle((x + 6, y + 8, x + wide + 6, y + high + 8), fill="#3c4433")
        pen.rectangle((x, y, x + wide, y + high), fill=dice.choice(("#4f7fb0", "#b0b4b8", "#a85b48", "#8fa3b3")))
        pen.line((x, y + high // 2, x + wide, y + high // 2), fill="#e8e8e8")
    return land


def frame(land: Image.Image, flight: Flight, number: int, font: str) -> Image.Image:
    """One frame: the land below, and the words that it is a sample."""
    share = number / (RATE * SECONDS)
    x, y = (round(a + (b - a) * share) for a, b in zip(flight.start, flight.end, strict=True))
    shown = land.crop((x, y, x + WIDTH, y + HEIGHT))
    pen = ImageDraw.Draw(shown, "RGBA")
    large, small = ImageFont.truetype(font, 26), ImageFont.truetype(font, 18)
    pen.rectangle((0, 0, WIDTH, 40), fill=(0, 0, 0, 150))
    pen.text((12, 4), f"示例画面 · {flight.words}", font=large, fill="#ffd166")
    pen.text((WIDTH - 12, 10), f"{number / RATE:05.1f} s", font=small, fill="white", anchor="ra")
    pen.text(
        (WIDTH // 2, HEIGHT - 14),
        "绘制的示例，非真实影像",
        font=small,
        fill="white",
        anchor="ms",
        stroke_width=2,
        stroke_fill="black",
    )
    middle = WIDTH // 2, HEIGHT // 2
    for line in ((-24, 0, -8, 0), (8, 0, 24, 0), (0, -24, 0, -8), (0, 8, 0, 24)):
        pen.line([middle[i % 2] + at for i, at in enumerate(line)], fill="white", width=2)
    return shown


def photograph(land: Image.Image, number: int, font: str) -> None:
    """A photograph that says of itself what it is, is there."""
    left, top = 150 + 400 * number, 90 + 180 * number
    shown = land.crop((left, top, left + WIDTH, top + HEIGHT))
    pen = ImageDraw.Draw(shown, "RGBA")
    pen.rectangle((0, 0, WIDTH, 40), fill=(0, 0, 0, 150))
    words = ImageFont.truetype(font, 26)
    pen.text((12, 4), f"示例照片 {number + 1} · 绘制，非真实影像", font=words, fill="#ffd166")
    shown.save(TARGET / f"photo-{number + 1}.jpeg", quality=80)


def main() -> None:
    """Every file is there."""
    font = subprocess.run(
        ["fc-match", "-f", "%{file}", "sans:lang=zh-cn"], capture_output=True, text=True, check=True
    ).stdout
    TARGET.mkdir(exist_ok=True)
    for number in range(PHOTOS):
        photograph(landscape(DOCK.seed), number, font)
    for flight in [*FLIGHTS, DOCK]:
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-"]
        command = ["ffmpeg", "-v", "error", "-y", *source, *ENCODE, "-f", "flv", str(TARGET / flight.file)]
        land = landscape(flight.seed)
        frames = b"".join(frame(land, flight, number, font).tobytes() for number in range(RATE * SECONDS))
        subprocess.run(command, input=frames, check=True)


if __name__ == "__main__":
    main()
