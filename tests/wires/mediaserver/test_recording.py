"""A real encoder sends, the relay records: segments play alone, a clip has the very frames that were sent."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from liandong.kernel import blobs
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import LedgerFact
from liandong.kernel.settings import settings
from liandong.means.channels import recorder as recorder_module
from liandong.means.film.segments import Sample
from liandong.means.video import recordings
from liandong.means.video.recordings import Cut, Kept, forget_recordings, name_of
from liandong.means.video.tables import RecordingSegment
from liandong.wires.mediaserver import archive as archive_module
from liandong.wires.mediaserver.relay import Relay
from tests.conftest import As
from tests.seat import Body, Seat, digest, refused
from tests.wires.mediaserver.encoder import H264, Encoder
from tests.wires.mediaserver.test_relay import until
from tests.wires.mediaserver.viewer import play_address, watching
from tests.world import World

SOURCE_270P = ("-f", "lavfi", "-i", "testsrc2=size=480x270:rate=15")
JPEG = b"\xff\xd8\xff\xe0" + "示例截图".encode()


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second each, so that nobody waits; the disk of a test machine may be nearly full."""
    monkeypatch.setattr(recorder_module, "SEGMENT_MS", 1000)
    monkeypatch.setattr(recordings, "GIGABYTE", 0)


def ffprobe(file: Path, *entries: str) -> dict[str, Any]:
    """What ffprobe finds in a file, all of it read."""
    words = ["ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_format", "-show_streams", str(file)]
    found = subprocess.run(words, capture_output=True, check=True, text=True)
    assert found.stderr == ""
    said: dict[str, Any] = json.loads(found.stdout)
    return said


def packets(file: Path) -> list[str]:
    """The digest of every packet of a file, as ffmpeg reads it, in order."""
    words = ["ffmpeg", "-v", "error", "-i", str(file), "-c", "copy", "-f", "framehash", "-hash", "sha256", "-"]
    found = subprocess.run(words, capture_output=True, check=True, text=True)
    return [line.rpartition(",")[2].strip() for line in found.stdout.splitlines() if not line.startswith("#")]


async def segments(db: Database, stream: Body) -> list[RecordingSegment]:
    rows = select(RecordingSegment).where(RecordingSegment.stream_id == stream["id"])
    async with db.transaction(Role.worker) as session:
        return list((await session.execute(rows.order_by(RecordingSegment.began_at))).scalars())


async def recorded(db: Database, stream: Body, count: int) -> list[RecordingSegment]:
    """So many segments, once they are there."""

    async def enough() -> bool:
        return len(await segments(db, stream)) >= count

    await until(enough, 20)
    return await segments(db, stream)


async def shown(desk: Seat, stream: Body, is_it: Callable[[Body], bool]) -> Body:
    """The stream, once it is so."""
    found: Body = {}

    async def so() -> bool:
        found.update(await desk.get(f"/streams/{stream['id']}"))
        return is_it(found)

    await until(so, 15)
    return found


def asking(since: datetime, upto: datetime, **more: bool) -> Body:
    return {"from": since.isoformat(), "to": upto.isoformat(), **more}


async def fetched(desk: Seat, filed: Body, file: Path) -> Path:
    """The evidence, as whoever may see it gets it."""
    answer = await desk.ask("GET", f"/evidence/{filed['evidence_id']}/file")
    assert answer.status_code == 200, answer.text
    await asyncio.to_thread(file.write_bytes, answer.content)
    return file


async def test_what_is_sent_is_recorded_and_a_clip_has_the_very_frames(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database, relay: Relay, tmp_path: Path
) -> None:
    sent = tmp_path / "sent.flv"
    copies = ("-map", "0:v", "-flags", "+global_header", "-f", "tee", f"[f=flv]{address}|[f=flv]{sent}")
    await encoder.send_as(*H264, *copies)
    await recorded(db, stream, 4)
    await encoder.quit()
    relay_holds = await shown(desk, stream, lambda one: one["recorded_until"] is not None)
    assert relay_holds["is_recorded"] is True
    assert relay_holds["recording_fault"] is None
    parts = await recorded(db, stream, 5)

    original = packets(sent)
    for number, row in enumerate(parts):
        content = await blobs.fetch_named(name_of(row))
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row.size, row.sha256)
        alone = tmp_path / f"{number}.mp4"
        alone.write_bytes(content)
        found = ffprobe(alone)["streams"][0]
        assert (found["codec_name"], found["width"], found["height"]) == ("h264", 320, 180)
        assert found["nb_read_frames"] == str(len(packets(alone)))
        assert float(found["start_time"]) == 0
    assert [row.number for row in parts] == list(range(len(parts)))
    assert len({row.run_id for row in parts}) == 1

    wanted = parts[1].began_at + timedelta(milliseconds=10), parts[3].ended_at - timedelta(milliseconds=10)
    filed = await desk.post(f"/streams/{stream['id']}/clips", asking(*wanted))
    clip = await fetched(desk, filed, tmp_path / "clip.mp4")
    assert digest(clip.read_bytes()) == filed["sha256"]
    made, probed = packets(clip), ffprobe(clip)
    first = original.index(made[0])
    assert made == original[first : first + len(made)]
    assert len(made) == sum(len(packets(tmp_path / f"{number}.mp4")) for number in (1, 2, 3))
    length = sum(row.duration_ms for row in parts[1:4]) / 1000
    assert abs(float(probed["format"]["duration"]) - length) < 0.05
    assert abs(length - len(made) / 25) < 0.3
    assert probed["streams"][0]["nb_read_frames"] == str(len(made))
    whole = await desk.post(f"/streams/{stream['id']}/clips", asking(parts[0].began_at, parts[-1].ended_at))
    assert packets(await fetched(desk, whole, tmp_path / "whole.mp4")) == original

    item = await desk.get(f"/evidence/{filed['evidence_id']}")
    assert (item["kind"], item["media_type"], item["sha256"]) == ("stream_clip", "video/mp4", filed["sha256"])
    assert item["details"]["stream"]["title"] == stream["title"]
    assert item["details"]["stream"]["agency_name"] == stream["agency_name"]
    assert [one["sha256"] for one in item["details"]["segments"]] == [row.sha256 for row in parts[1:4]]
    assert datetime.fromisoformat(filed["began_at"]) == parts[1].began_at
    async with db.transaction(Role.worker) as session:
        facts = (await session.execute(select(LedgerFact).where(LedgerFact.name == "ClipFiled"))).scalars().all()
    assert facts[0].payload["segments"] == [row.sha256 for row in parts[1:4]]
    assert str(facts[0].subject_id) == stream["id"]


async def test_a_stream_that_stops_and_returns_with_another_size(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database, tmp_path: Path
) -> None:
    await encoder.send(address)
    await recorded(db, stream, 2)
    await encoder.kill()
    await encoder.send(address, source=SOURCE_270P)

    async def both() -> bool:
        return len({row.run_id for row in await segments(db, stream)}) == 2

    await until(both, 20)
    await encoder.kill()
    before, after = (await segments(db, stream))[0], (await segments(db, stream))[-1]
    path = f"/streams/{stream['id']}/clips"
    times = asking(before.began_at, after.ended_at)
    with refused("video.clip_broken", 409) as caught:
        await desk.post(path, times)
    assert "恢复" in caught[0].body["title"]
    filed = await desk.post(path, times | {"after_break": True})
    assert filed["is_after_break"] is True
    found = ffprobe(await fetched(desk, filed, tmp_path / "clip.mp4"))["streams"][0]
    assert (found["width"], found["height"]) == (480, 270)
    first = await desk.post(path, asking(before.began_at, before.ended_at))
    assert ffprobe(await fetched(desk, first, tmp_path / "first.mp4"))["streams"][0]["width"] == 320


async def test_times_that_no_clip_can_have(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    path, at = f"/streams/{stream['id']}/clips", now()
    with refused("video.nothing_recorded", 409):
        await desk.post(path, asking(at - timedelta(minutes=5), at - timedelta(minutes=4)))
    with refused("video.clip_times", 422):
        await desk.post(path, asking(at, at))
    with refused("video.clip_times", 422):
        await desk.post(path, asking(at, at + timedelta(minutes=5)))
    with refused("video.clip_too_long", 422) as caught:
        await desk.post(path, asking(at - timedelta(minutes=settings().clip_minutes, seconds=1), at))
    assert str(settings().clip_minutes) in caught[0].body["title"]
    await encoder.send(address)
    last = (await recorded(db, stream, 1))[-1]
    with refused("video.clip_not_yet", 409):
        await desk.post(path, asking(last.began_at, now() + timedelta(seconds=60)))


async def test_a_recording_that_was_changed_is_no_evidence(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    await encoder.send(address)
    row = (await recorded(db, stream, 1))[0]
    content = bytearray(await blobs.fetch_named(name_of(row)))
    content[-1] ^= 1
    await blobs.keep_named(name_of(row), bytes(content))
    path, times = f"/streams/{stream['id']}/clips", asking(row.began_at, row.ended_at)
    with refused("video.recording_broken", 409):
        await desk.post(path, times)
    await blobs.drop_named([name_of(row)])
    with refused("video.recording_gone", 410):
        await desk.post(path, times)


async def test_a_stream_that_is_not_to_be_recorded_is_not(
    desk: Seat, relay: Relay, encoder: Encoder, db: Database
) -> None:
    quiet = await desk.post("/streams", {"kind": "camera", "title": "示例不录制", "is_recorded": False})
    ticket = await desk.post(f"/streams/{quiet['id']}/publish_ticket")
    await encoder.send(ticket["addresses"][0]["url"].replace("//test:", "//127.0.0.1:"))
    async with watching(await play_address(desk, quiet)) as eye:
        await eye.pictures(60)
    await encoder.kill()
    found = await shown(desk, quiet, lambda one: one["live_at"] is not None)
    assert (found["is_recorded"], found["recorded_until"]) == (False, None)
    assert (await segments(db, quiet), relay.archive.kept, relay.archive.lost.refused) == ([], 0, {})


@pytest.mark.parametrize("trouble", ["full", "broken", "slow"])
async def test_a_store_in_trouble_costs_recordings_and_never_the_picture(
    trouble: str,
    desk: Seat,
    stream: Body,
    address: str,
    encoder: Encoder,
    relay: Relay,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        code = {"full": "video.recording_disk_full"}.get(trouble, "video.recording_failed")
        if trouble == "full":
            patch.setattr(recordings, "GIGABYTE", 10**15)
        if trouble == "slow":
            patch.setattr(archive_module, "PUT_SECONDS", 0.3)

        async def no_room(name: str, content: bytes) -> None:
            if trouble == "slow":
                await asyncio.sleep(30)
            raise OSError(28, "No space left on device")

        if trouble != "full":
            patch.setattr(blobs, "keep_named", no_room)
        await encoder.send(address)
        async with watching(await play_address(desk, stream)) as eye:
            assert len(await eye.pictures(80)) == 80
            found = await shown(desk, stream, lambda one: one["recording_fault"] is not None)
            assert (found["recording_fault"], found["state"]) == (code, "live")
            assert "直播画面不受影响" in found["recording_fault_zh"]
            assert len(await eye.pictures(20)) == 20
        assert relay.archive.lost.refused[code] > 0
        assert await segments(db, stream) == []
    await recorded(db, stream, 1)  # it returns by itself
    assert (await shown(desk, stream, lambda one: one["recording_fault"] is None))["state"] == "live"


async def test_what_waits_for_the_store_is_bounded(relay: Relay, stream: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MOST_WAITING", 100)
    frame = Sample(0, 40, 0, True, b"x")
    cut = Cut(UUID(stream["id"]), new_id(), 0, 0, 40, b"", (frame,), 60)
    relay.archive.offer(cut)
    relay.archive.offer(cut)
    assert relay.archive.waiting_bytes == 60
    assert relay.archive.lost.refused == {"video.recording_behind": 1}


async def test_what_a_killed_relay_left_in_the_store_is_taken_up(
    desk: Seat, stream: Body, address: str, encoder: Encoder, relay: Relay, db: Database
) -> None:
    """It had put segments into the store and died before they were on record; one was half written."""
    await encoder.send(address)
    await recorded(db, stream, 2)
    await encoder.kill()
    rows = await segments(db, stream)
    torn = Kept(rows[0].stream_id, new_id(), 0, round(now().timestamp() * 1000), 10**13, 1000, 4, "0" * 64)
    await blobs.keep_named(torn.name, b"torn")
    async with db.transaction(Role.worker) as session:
        await session.execute(text("DELETE FROM recording_segment WHERE id = :id"), {"id": rows[0].id})
    taken, dropped = await relay.doors.take_up_recordings()
    assert (taken >= 1, dropped) == (True, 1)
    again = {row.sha256: row for row in await segments(db, stream)}
    assert (again[rows[0].sha256].began_at, again[rows[0].sha256].area_code) == (rows[0].began_at, rows[0].area_code)
    with pytest.raises(FileNotFoundError):
        await blobs.fetch_named(torn.name)
    assert await relay.doors.take_up_recordings() == (0, 0)


async def test_recordings_are_forgotten_and_evidence_stays(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database, tmp_path: Path
) -> None:
    await encoder.send(address)
    row = (await recorded(db, stream, 1))[0]
    await encoder.kill()
    filed = await desk.post(f"/streams/{stream['id']}/clips", asking(row.began_at, row.ended_at))
    async with db.transaction(Role.worker) as session:
        await forget_recordings(session, row.began_at + timedelta(days=settings().recording_days))
    assert len(await segments(db, stream)) > 0
    async with db.transaction(Role.worker) as session:
        await forget_recordings(session, row.began_at + timedelta(days=settings().recording_days + 1))
    assert await segments(db, stream) == []
    with pytest.raises(FileNotFoundError):
        await blobs.fetch_named(name_of(row))
    assert [name async for name in blobs.names_below(recordings.FOLDER) if stream["id"] in name] == []
    assert ffprobe(await fetched(desk, filed, tmp_path / "clip.mp4"))["streams"][0]["codec_name"] == "h264"


async def snap(seat: Seat, stream: Body, picture: bytes, at: datetime) -> Body:
    """A picture is filed as it was shown at that moment."""
    files = {"file": ("示例.jpg", picture, "image/jpeg")}
    found: Body = await seat._said(
        "POST", f"/streams/{stream['id']}/snapshots", data={"shown_at": at.isoformat()}, files=files
    )
    return found


async def test_a_picture_that_was_shown_is_filed_with_its_own_instant(
    desk: Seat, as_: As, world: World, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    with refused("video.snapshot_time", 422):
        await snap(desk, stream, JPEG, now())  # nothing was ever shown
    await encoder.send(address)
    await shown(desk, stream, lambda one: one["state"] == "live")
    at = now()
    filed = await snap(desk, stream, JPEG, at)
    item = await desk.get(f"/evidence/{filed['evidence_id']}")
    assert (item["kind"], item["sha256"], datetime.fromisoformat(item["taken_at"])) == (
        "stream_still",
        digest(JPEG),
        at,
    )
    assert item["details"]["stream"]["id"] == stream["id"]
    assert (await desk.ask("GET", f"/evidence/{filed['evidence_id']}/file")).content == JPEG
    with refused("video.snapshot_type", 422):
        await snap(desk, stream, b"\x89PNG", at)
    for wrong in (at + timedelta(minutes=10), at - timedelta(days=1)):
        with refused("video.snapshot_time", 422):
            await snap(desk, stream, JPEG, wrong)
    with refused("kernel.not_found", 404):
        await snap(as_(world.south.dispatcher), stream, JPEG, at)
    async with db.transaction(Role.worker) as session:
        names = (await session.execute(select(LedgerFact.name).order_by(LedgerFact.entry_no))).scalars().all()
    assert names[-2:] == ["EvidenceSealed", "SnapshotFiled"]


async def test_nobody_who_watches_writes_what_was_recorded(
    world: World, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    await encoder.send(address)
    row = (await recorded(db, stream, 1))[0]
    async with db.transaction(Role.app, {"areas": "990101", "tasks": ""}) as session:
        # past the gate: a test of what stands behind it
        assert (await session.execute(select(RecordingSegment.id))).scalars().all()
    async with db.transaction(Role.app, {"areas": "990102", "tasks": ""}) as session:
        assert (await session.execute(select(RecordingSegment.id))).scalars().all() == []
    for change in (update(RecordingSegment).values(sha256="0" * 64),):
        async with db.transaction(Role.app, {"areas": "990101", "tasks": ""}) as session:
            with pytest.raises(Exception, match="permission denied"):
                await session.execute(change.where(RecordingSegment.id == row.id))
