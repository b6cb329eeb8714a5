"""The pictures of docs/phone.md: one officer's day on sample data, screen by screen, as the test of the screens walks it."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import httpx
from PIL import Image

from tests.story.faces import browser as browsers
from tests.story.faces.allies import sign_memorandum
from tests.story.faces.browser import FAKE_MEDIA
from tests.story.faces.day import Day, Errands
from tests.story.faces.house import open_house
from tests.story.faces.pocket import Pocket
from tests.story.faces.screen_checks import at_rest

FOLDER = Path(__file__).parents[3] / "docs" / "pictures" / "phone"
MOST_BYTES = 2_500_000
COLOURS = 128


async def main() -> None:
    """Afterwards docs/pictures/phone holds every screen of the day as it is today, numbered, and nothing else."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    async with open_house() as house, browsers.open_browser(*FAKE_MEDIA) as machine:
        page = await machine.phone(lon=116.9, lat=36.65, hears=True)

        async def look(name: str) -> None:
            await page.evaluate("scrollTo(0, 0)")
            await at_rest(page)
            out = FOLDER / f"{len(taken) + 1:02}-{name}.png"
            picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
            taken.append(out)

        async with httpx.AsyncClient(base_url=house.desk.address) as office:
            signed = await office.post("/api/session", json={"login": "huaiyin", "password": house.password})
            signed.raise_for_status()
            await sign_memorandum(house.desk.address, house.password)
            await Day(Pocket(page, house.desk.address), Errands(office), house.password, look).walk()
    for gone in set(FOLDER.glob("*.png")) - set(taken):
        gone.unlink()
    size = sum(one.stat().st_size for one in taken)
    assert size < MOST_BYTES, f"{FOLDER} is too large"
    print(f"{FOLDER}: {len(taken)} pictures, {size // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())
