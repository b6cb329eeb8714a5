"""The bad link as it is: `make bad-link SCALE=1` takes three quarters of an hour, `SCALE=100` less than two minutes.

Exit code 0 only if all photos arrived true, the form was in before any of them, and little was sent twice. The last
line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time

import httpx

from tests.badlink.link import BadLink, Weather, open_link
from tests.badlink.scene import Figures, digests, made_photos, open_scene
from tests.badlink.test_bad_link import BYTES, FORM_WITHIN_S, PHOTOS, SENT_TWICE_PERCENT
from tests.story.faces.browser import open_browser
from tests.story.faces.house import open_house


async def main(scale: float, seed: int, photos_count: int) -> int:
    """Send, print, and say by the exit code whether it held."""
    photos = made_photos(photos_count, BYTES, seed)
    async with (
        open_house() as house,
        open_browser() as machine,
        open_link(BadLink(house.desk.port, seed=seed)) as link,
        httpx.AsyncClient(base_url=house.desk.address, timeout=30) as http,
    ):
        scene = await open_scene(house, machine, link, http, photos)
        began = time.monotonic()
        scene.tell = lambda words: print(f"  {time.monotonic() - began:7.0f} s  {words}", flush=True)
        await scene.visit_without_signal()
        figures = await scene.send(scale)
        is_true = set(await scene.arrived()) == digests(photos)
    _print(figures, scale, seed, is_true)
    holds = is_true and figures.form_s < FORM_WITHIN_S and figures.sent_twice_percent < SENT_TWICE_PERCENT
    return 0 if holds and figures.photos_in_with_form == 0 else 1


def _print(figures: Figures, scale: float, seed: int, is_true: bool) -> None:
    weather = Weather()
    print(
        f"{figures.photos} photos, {figures.bytes_of_photos / 1e6:.1f} MB, at {weather.bits_per_s / 1000:.0f} kbit/s, "
        f"{weather.latency_s * 1000:.0f} ms, {weather.loss:.0%} loss (scale {scale:g}, seed {seed})"
    )
    print(f"  form in after            {figures.form_s} s, with {figures.photos_in_with_form} photos")
    print(f"  all photos in after      {figures.all_s / 60:.1f} min; every digest true: {'yes' if is_true else 'NO'}")
    print(f"  carried more than photos {figures.sent_twice_percent} % (headers, deeds, what was sent again)")
    print(f"  line                     {figures.line}")
    print(f"  seen on the way          {'; '.join(figures.seen)}")
    said = {**vars(figures), "sent_twice_percent": figures.sent_twice_percent, "true": is_true, "scale": scale}
    print(json.dumps({"bad_link": said}, ensure_ascii=False))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--photos", type=int, default=PHOTOS)
    given = asked.parse_args()
    sys.exit(asyncio.run(main(given.scale, given.seed, given.photos)))
