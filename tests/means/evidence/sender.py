"""A phone's side of the upload protocol, request by request; a line can be cut in the middle of one."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI

from liandong.kernel import canonical
from liandong.means.evidence.tus import BODY, PATH
from tests.seat import Body, digest
from tests.world import Person

TUS = {"Tus-Resumable": "1.0.0"}


def metadata(sha256: str, media_type: str = "image/jpeg") -> str:
    """The header that names a file."""
    pairs = {"sha256": sha256, "filetype": media_type}
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())


@dataclass
class Sender:
    """Somebody who sends files in pieces."""

    client: httpx.AsyncClient
    person: Person

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """The bare answer to one request of the protocol."""
        own = {"Authorization": f"Bearer {self.person.token}", **TUS, **(headers or {})}
        return await self.client.request(method, path, headers=own, **more)

    async def begin(self, content: bytes, media_type: str = "image/jpeg", **said: Any) -> httpx.Response:
        """An upload of this content is asked for; `sha256` and `size` may say something else."""
        sha256, size = said.get("sha256", digest(content)), said.get("size", len(content))
        headers = {"Upload-Length": str(size), "Upload-Metadata": metadata(sha256, media_type)}
        if "body" in said:
            return await self.ask("POST", PATH, headers | {"Content-Type": BODY}, content=said["body"])
        return await self.ask("POST", PATH, headers)

    async def location(self, content: bytes) -> str:
        """Where an upload of this content goes on."""
        answer = await self.begin(content)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["location"])

    async def offset(self, location: str) -> int:
        """How many bytes the server says are there."""
        answer = await self.ask("HEAD", location)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])

    async def patch(
        self, location: str, offset: int, piece: bytes | AsyncIterator[bytes], **more: str
    ) -> httpx.Response:
        """The answer to a piece that begins at `offset`."""
        headers = {"Upload-Offset": str(offset), "Content-Type": BODY, **more}
        return await self.ask("PATCH", location, headers, content=piece)


async def cut_off(app: FastAPI, sender: Sender, location: str, offset: int, pieces: list[bytes]) -> None:
    """A PATCH brings these pieces and then the line is cut: nobody hears an answer."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"})
    headers = {
        "authorization": f"Bearer {sender.person.token}", "tus-resumable": "1.0.0", "content-type": BODY,
        "upload-offset": str(offset), "host": "test",
    }  # fmt: skip
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PATCH", "path": location,
        "raw_path": location.encode(), "query_string": b"", "root_path": "", "scheme": "http", "server": ("test", 80),
        "client": ("test", 1), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    coming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(coming)

    async def send(message: Any) -> None:
        """Nobody is there to hear it."""

    await app(scope, receive, send)


def receipt_in(answer: httpx.Response) -> Body:
    """The receipt that an answer carries."""
    said: Body = json.loads(base64.b64decode(answer.headers["upload-receipt"]))
    return said


async def assert_signed(client: httpx.AsyncClient, receipt: Body) -> None:
    """The receipt is signed by the key that this server gives to everybody."""
    key = (await client.get("/api/deeds/key")).json()["public_key"]
    said = {name: value for name, value in receipt.items() if name != "signature"}
    signed = canonical.canonical_bytes(said)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(receipt["signature"]), signed)
