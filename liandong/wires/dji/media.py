"""Files of docks: where they are to be put, and what becomes of those that a dock says it has put there.

The store's door is `liandong.wires.s3`, at the server; this room gives the keys to it and takes the reports.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.settings import settings
from liandong.wires.dji import frame
from liandong.wires.dji.frame import Message, UploadReport
from liandong.work.docks.filing import Report, file_reported
from liandong.work.docks.queries import known_dock
from liandong.work.docks.storage_keys import BUCKET, REGION, give_key
from liandong.work.drones.queries import FlownFor, flown_for

PROVIDER = "minio"
"""The maker's word for a store that speaks S3 and has its bucket in the path."""


async def storage_config(db: Database, message: Message) -> dict[str, Any]:
    """Where the dock that asks puts its files, and an hour's key that opens that place only.

    Raises    docks.unknown, dji.not_offered: it asks for another module than media files
    """
    if frame.whole(message.data.get("module", 0)) != 0:
        raise Refused("dji.not_offered", method=message.method)
    async with db.transaction(Role.worker) as session:
        dock = await known_dock(session, message.serial_no)
        key = give_key(dock.id)
    credentials = {
        "access_key_id": key.access_key_id,
        "access_key_secret": key.secret,
        "security_token": key.token,
        "expire": key.expires_s,
    }
    return {
        "provider": PROVIDER,
        "endpoint": endpoint(),
        "bucket": BUCKET,
        "region": REGION,
        "object_key_prefix": dock.serial_no,
        "credentials": credentials,
    }


def endpoint() -> str:
    """The address of the store's door: scheme, host and port of the server, because clients of S3 allow no path."""
    parts = urlsplit(settings().public_url or f"http://{settings().host}:{settings().port}")
    return f"{parts.scheme}://{parts.netloc}"


async def file_upload(db: Database, message: Message, refused: Counter[str]) -> None:
    """The file that the dock reports is evidence, of the flight that it names if that was ordered of its aircraft.

    A flight that is not ours, or none at all, was flown by hand: the file is filed all the same.

    Raises    dji.unreadable, docks.unknown, docks.file_missing
    """
    said = frame.upload_report(message)
    async with db.transaction(Role.worker) as session:
        dock = await known_dock(session, message.serial_no)
        flown = await _flown_for(session, dock.aircraft_id, said)
        if flown is None and frame.order_id_of(said.flight_id) is not None:
            refused["dji.flight_unknown"] += 1
        report = Report(said.created_at, said.lon, said.lat, dict(said.metadata), said.expected, said.uploaded)
        await file_reported(session, dock, said.object_key, report, flown)


async def _flown_for(session: AsyncSession, aircraft_id: UUID, said: UploadReport) -> FlownFor | None:
    order_id = frame.order_id_of(said.flight_id)
    return None if order_id is None else await flown_for(session, order_id, aircraft_id)
