"""Property: whatever order of pieces, cuts, lies about the offset and rivals an upload meets, the file arrives true."""

from __future__ import annotations

import random

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from liandong.kernel import blobs
from liandong.kernel.db import Database, Role
from liandong.means.evidence import receiving
from liandong.means.evidence.tables import UploadPart
from tests.means.evidence.sender import Sender, assert_signed, cut_off, receipt_in
from tests.seat import digest
from tests.world import World

SEEDS = range(16)
MOST_STEPS = 400


class Phone:
    """One phone that sends one file, as badly as chance has it. `known` is the offset it believes in."""

    def __init__(self, app: FastAPI, sender: Sender, content: bytes, chance: random.Random) -> None:
        self.app, self.sender, self.content, self.chance = app, sender, content, chance
        self.where, self.known = "", 0
        self.receipt: dict[str, object] | None = None

    async def step(self) -> None:
        """One thing happens: a reload, a question, a lie, a cut, or a piece that comes through."""
        luck = self.chance.random()
        if not self.where or luck < 0.1:
            answer = await self.sender.begin(self.content)
            self.where = answer.headers["location"]
            self._hear(answer)
        elif luck < 0.2 or self.known >= len(self.content):
            self._hear(await self.sender.ask("HEAD", self.where))
        elif luck < 0.3:
            await self._lie()
        elif luck < 0.55:
            await cut_off(self.app, self.sender, self.where, self.known, self._pieces())
        else:
            piece = self.content[self.known :][: self._size()]
            self._hear(await self.sender.patch(self.where, self.known, piece))

    async def _lie(self) -> None:
        due = await self.sender.offset(self.where)
        lie = self.chance.choice([offset for offset in range(0, len(self.content) + 1, 37) if offset != due])
        answer = await self.sender.patch(self.where, lie, b"lie")
        assert answer.status_code == 409
        assert await self.sender.offset(self.where) == due

    def _pieces(self) -> list[bytes]:
        rest, pieces = self.content[self.known :], []
        for _ in range(self.chance.randrange(4)):
            size = self._size()
            pieces.append(rest[:size])
            rest = rest[size:]
        return pieces

    def _size(self) -> int:
        return self.chance.choice([1, 50, 333, 900, 2500])

    def _hear(self, answer: httpx.Response) -> None:
        if answer.status_code == 409:
            return  # somebody else, or a request that was believed lost, was faster
        assert answer.status_code in (200, 201, 204), answer.text
        self.known = int(answer.headers["upload-offset"])
        if "upload-receipt" in answer.headers:
            self.receipt = receipt_in(answer)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PART_BYTES", 400)


async def test_the_file_arrives_true(app: FastAPI, client: httpx.AsyncClient, world: World, db: Database) -> None:
    for seed in SEEDS:
        await _send_badly(app, client, world, seed)
        async with db.transaction(Role.worker) as session:
            assert (await session.execute(select(func.count()).select_from(UploadPart))).scalar_one() == 0


async def _send_badly(app: FastAPI, client: httpx.AsyncClient, world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    first, second = (chance.randbytes(chance.randrange(1, 6000)) for _ in range(2))
    lin, luo = Sender(client, world.east.lin), Sender(client, world.east.luo)
    # two pages of one phone send the same file, another phone sends it too, and a second file is on its way
    phones = [Phone(app, lin, first, chance), Phone(app, lin, first, chance), Phone(app, luo, first, chance),
              Phone(app, lin, second, chance)]  # fmt: skip
    for _ in range(MOST_STEPS):
        waiting = [phone for phone in phones if phone.receipt is None]
        if not waiting:
            break
        await chance.choice(waiting).step()
    for phone in phones:
        assert phone.receipt is not None, f"seed {seed}: not in {MOST_STEPS} steps"
        assert phone.receipt["sha256"] == digest(phone.content)
        await assert_signed(client, phone.receipt)
    for content in (first, second):
        assert await blobs.fetch(digest(content)) == content
