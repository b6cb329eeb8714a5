"""Whole inspections with a photo of half a megabyte each, beside the same inspections without one, in one run.

A submission with a photo is what a phone on a good line does: `POST /api/evidence/uploads` with the bytes (tus,
creation-with-upload), whose answer carries the signed receipt, and `POST /api/deeds` with the whole visit, whose photo
names the file. Its time is that of both. Rounds with and without photos take turns, so that both meet the same machine.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.client
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import orjson

from benchmarks.load import check, shares_of, until_stamped
from benchmarks.report import last_line, machine, spread, table
from benchmarks.rig import Rig, rig
from benchmarks.senders import Parcel, Sent, at_once
from benchmarks.stage import Errand, prepare
from benchmarks.visits import body, keep_signature, shape, visit
from liandong.kernel import canonical
from liandong.kernel.ids import new_id

PORT = 18440
CLIENTS = 8
PHOTO_BYTES = 500_000
WARM_UP = 80
ROUNDS = 4
VISITS = int(os.environ.get("BENCH_PHOTO_VISITS", "480"))
"""Of each kind, all rounds together."""
BODY = "application/offset+octet-stream"
UPLOADS = "/api/evidence/uploads"


@dataclass(frozen=True)
class Photographed(Parcel):
    """A visit, and the photo that goes before it."""

    photo: bytes = b""


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    async with rig(PORT) as running:
        errands = await prepare(running.db, 2 * (WARM_UP + VISITS))
        ports = await running.serve(ran_on["cores"])
        parcels = await _parcels(errands, PORT)
        _send(ports, shares_of(parcels[: 2 * WARM_UP], CLIENTS))
        await until_stamped(running)
        figures = await _rounds(running, ports, parcels[2 * WARM_UP :])
    figures |= {"clients": CLIENTS, "servers": len(ports), "photo_bytes": PHOTO_BYTES, "rounds": ROUNDS}
    _print(figures)
    last_line({"photos": {**figures, "shape": shape(errands) | {"photos": 1}, "machine": ran_on}})


async def _parcels(errands: Sequence[Errand], port: int) -> list[Parcel]:
    """Visits of both kinds in turn: with a photo, without, and so on."""
    chance = random.Random(len(errands))  # noqa: S311  samples
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as line:
        signature = await keep_signature(line, errands[0].pair.token)
        found: list[Parcel] = []
        for number, errand in enumerate(errands):
            deeds = visit(line, errand, signature)
            if number % 2:
                found.append(Parcel(errand.pair.token, body(deeds)))
                continue
            photo = chance.randbytes(PHOTO_BYTES)
            found.append(Photographed(errand.pair.token, body(_with_photo(deeds, photo)), photo))
        return found


def _with_photo(deeds: list[dict[str, Any]], photo: bytes) -> list[dict[str, Any]]:
    """The same visit with one more deed, after the arrival."""
    arrival = next(place for place, deed in enumerate(deeds) if deed["kind"] == "arrive_on_site")
    like = {name: value for name, value in deeds[arrival].items() if name != "digest"}
    said = {
        "inspection_id": like["payload"]["inspection_id"], "sha256": hashlib.sha256(photo).hexdigest(),
        "purpose": "示例：排放口", "taken_at": like["happened_at"], "size": len(photo), "media_type": "image/jpeg",
    }  # fmt: skip
    made = canonical.plain({**like, "id": str(new_id()), "kind": "add_photo", "needs": [], "payload": said})
    return [*deeds[: arrival + 1], {**made, "digest": canonical.digest(made)}, *deeds[arrival + 1 :]]


def _send(ports: Sequence[int], shares: Sequence[Sequence[Parcel]]) -> list[Sent]:
    """Every share sent by a client of its own, all at once."""
    found = [Sent() for _ in shares]
    at_once(
        partial(_send_share, ports[number % len(ports)], share, found[number]) for number, share in enumerate(shares)
    )
    return found


def _send_share(port: int, parcels: Sequence[Parcel], sent: Sent) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for parcel in parcels:
        sent.began.append(time.monotonic())
        if isinstance(parcel, Photographed):
            _send_photo(line, parcel)
        headers = {"authorization": f"Bearer {parcel.token}", "content-type": "application/json"}
        line.request("POST", "/api/deeds", parcel.body, headers)
        answer = line.getresponse()
        content = answer.read()
        sent.ended.append(time.monotonic())
        sent.answers.append((answer.status, content))
    line.close()


def _send_photo(line: http.client.HTTPConnection, parcel: Photographed) -> None:
    sha256 = hashlib.sha256(parcel.photo).hexdigest()
    said = {"sha256": sha256, "filetype": "image/jpeg"}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())
    headers = {
        "authorization": f"Bearer {parcel.token}", "content-type": BODY, "tus-resumable": "1.0.0",
        "upload-length": str(len(parcel.photo)), "upload-metadata": metadata,
    }  # fmt: skip
    line.request("POST", UPLOADS, parcel.photo, headers)
    answer = line.getresponse()
    answer.read()
    receipt = orjson.loads(base64.b64decode(answer.headers.get("upload-receipt", "bnVsbA==")))
    if answer.status != httpx.codes.CREATED or not receipt or receipt["sha256"] != sha256:
        raise SystemExit(f"the photo has no receipt: {answer.status}")


async def _rounds(running: Rig, ports: list[int], parcels: Sequence[Parcel]) -> dict[str, Any]:
    kinds = {"with_photo": parcels[0::2], "without": parcels[1::2]}
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    took = dict.fromkeys(kinds, 0.0)
    for number in range(ROUNDS):
        for name, found in kinds.items():
            share = found[number * len(found) // ROUNDS : (number + 1) * len(found) // ROUNDS]
            began = time.monotonic()
            sent = await asyncio.to_thread(_send, ports, shares_of(share, CLIENTS))
            took[name] += time.monotonic() - began
            check(sent)
            seconds[name] += [one for client in sent for one in client.seconds]
            await until_stamped(running)
    return {
        name: {"visits": len(found), "per_second": round(len(found) / took[name], 1), "ms": spread(seconds[name])}
        for name, found in kinds.items()
    } | {"mb_per_second": round(len(kinds["with_photo"]) * PHOTO_BYTES / 1e6 / took["with_photo"], 1)}


def _print(figures: dict[str, Any]) -> None:
    rows = []
    for name, words in (("with_photo", "with a photo"), ("without", "without")):
        found = figures[name]
        rows.append((f"submissions {words}", found["per_second"], f"/s  ({found['visits']} visits)"))
        rows.append((f"answer p50 {words}", found["ms"]["p50"], "ms"))
        rows.append((f"answer p95 {words}", found["ms"]["p95"], "ms"))
    rows.append(("photos", figures["mb_per_second"], "MB/s"))
    table(f"inspections by {CLIENTS} clients, with one photo of {PHOTO_BYTES / 1e6} MB and without", rows)


if __name__ == "__main__":
    asyncio.run(main())
