"""A phone in Python: it makes deeds as the mobile app does and sends them through the same public interface."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from liandong.kernel import canonical
from liandong.kernel.ids import new_id


def sample_picture(seed: int, width: int = 320, height: int = 240) -> bytes:
    """A PNG that shows nothing but coloured bands, different for each seed: visibly not a photo of anything."""
    hue = [(seed * 37 + shift) % 200 + 30 for shift in (0, 80, 160)]
    row = b"".join(bytes((part + (x // 20) * 8) % 256 for part in hue) for x in range(width))
    raw = b"".join(b"\0" + (row if (y // 24) % 2 else row[::-1]) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@dataclass
class Phone:
    """One officer's phone in one task. `at` is its clock; deeds wait in `outbox` until they are sent.

    A phone that is `live` goes by the real clock; another plays a visit of days ago, minute by minute.
    """

    http: httpx.AsyncClient
    token: str
    task_id: str
    lon: float
    lat: float
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: bool = False
    inspection_id: UUID = field(default_factory=new_id)
    outbox: list[dict[str, Any]] = field(default_factory=list)

    def wait(self, span: timedelta) -> None:
        """Let time pass: `span` on a phone that plays the past; on a live one, what has really passed."""
        self.at = max(self.at + timedelta(milliseconds=1), datetime.now(UTC)) if self.live else self.at + span

    def do(self, kind: str, payload: dict[str, Any], needs: list[str] | None = None) -> str:
        """Put a deed into the outbox; returns its id."""
        deed = canonical.plain(
            {
                "id": new_id(),
                "kind": kind,
                "task_id": self.task_id,
                "happened_at": self.at,
                "lon": self.lon,
                "lat": self.lat,
                "accuracy_m": 12,
                "device": {"id": "sample-phone", "drift_ms": 0},
                "needs": needs or [],
                "payload": payload,
            }
        )
        self.outbox.append({**deed, "digest": canonical.digest(deed)})
        return str(deed["id"])

    def in_visit(self, kind: str, payload: dict[str, Any]) -> str:
        """Put a deed of the visit into the outbox; returns its id."""
        return self.do(kind, {"inspection_id": self.inspection_id, **payload})

    async def keep_file(self, content: bytes, media_type: str = "image/png") -> str:
        """Send a file; returns its digest."""
        sha256 = hashlib.sha256(content).hexdigest()
        answer = await self.http.put(
            f"/api/evidence/files/{sha256}",
            content=content,
            headers={"authorization": f"Bearer {self.token}", "content-type": media_type},
        )
        answer.raise_for_status()
        return sha256

    async def send(self) -> list[dict[str, Any]]:
        """Send what waits; returns the receipts. What was accepted leaves the outbox."""
        answer = await self.http.post(
            "/api/deeds", json={"deeds": self.outbox}, headers={"authorization": f"Bearer {self.token}"}
        )
        answer.raise_for_status()
        receipts: list[dict[str, Any]] = answer.json()["receipts"]
        done = {one["deed_id"] for one in receipts if one["outcome"] in ("accepted", "repeated")}
        self.outbox = [deed for deed in self.outbox if deed["id"] not in done]
        return receipts
