"""Docks put their files with clients of other makers; what is not theirs to put, or not whole, is refused and kept nowhere."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as Tree

import boto3
import httpx
import obstore
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from obstore.store import S3Store
from sqlalchemy import select

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel import blobs
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.wires.s3 import door, routes
from liandong.work.docks import storage_keys
from liandong.work.docks.files import sweep_dock_uploads
from liandong.work.docks.storage_keys import BUCKET, REGION, StorageKey, give_key
from liandong.work.docks.tables import DockFile
from tests.conftest import As
from tests.seat import Body
from tests.serving import Server, certificate, serving
from tests.work.drones.test_missions import AIRCRAFT
from tests.world import BORDER_POINT, World

DOCK, OTHER = "7CTDSAMPLE1", "7CTDSAMPLE2"
JPEG = b"\xff\xd8\xff" + "示例航拍照片".encode() * 1000
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 45_000
"""Eleven megabytes: three parts, of which only the last may be small."""
PART = 5 * 1024 * 1024


@dataclass
class Sender:
    """A dock with its key at a running server."""

    address: str
    key: StorageKey
    verify: Any = True

    def boto3(self, key: StorageKey | None = None) -> Any:
        key = key or self.key
        return boto3.client(
            "s3", endpoint_url=self.address, region_name=REGION, aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret, aws_session_token=key.token, verify=self.verify,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )  # fmt: skip

    def obstore(self) -> S3Store:
        return S3Store(
            BUCKET, endpoint=self.address, region=REGION, access_key_id=self.key.access_key_id,
            secret_access_key=self.key.secret, session_token=self.key.token, virtual_hosted_style_request=False,
            client_options={"allow_http": True},
        )  # fmt: skip

    async def put(self, object_key: str, content: bytes, key: StorageKey | None = None, **more: Any) -> Any:
        client = self.boto3(key)
        return await asyncio.to_thread(client.put_object, Bucket=BUCKET, Key=object_key, Body=content, **more)

    def signed(self, method: str, path: str, content: bytes = b"", headers: Body | None = None) -> httpx.Request:
        """A request as botocore signs it, which may be spoilt before it is sent."""
        made = AWSRequest(method, f"{self.address}{path}", headers or {}, content)
        credentials = Credentials(self.key.access_key_id, self.key.secret, self.key.token)
        S3SigV4Auth(credentials, "s3", REGION).add_auth(made)
        return httpx.Request(method, made.url, headers=dict(made.headers), content=content)


async def register(as_: As, world: World, serial_no: str, aircraft: str) -> str:
    desk = as_(world.east.dispatcher)
    flies = await desk.post("/aircraft", AIRCRAFT | {"serial_no": aircraft})
    place = {"title": "示例机场", "serial_no": serial_no, "lon": BORDER_POINT[0], "lat": BORDER_POINT[1]}
    return str((await desk.post("/docks", place | {"aircraft_id": flies["id"]}))["id"])


@pytest.fixture(autouse=True)
async def nothing_on_its_way() -> None:
    """What other tests left half sent is gone: all tests share one store."""
    await blobs.drop_folder("parts")


@pytest.fixture
async def dock_id(as_: As, world: World) -> str:
    return await register(as_, world, DOCK, "1581FSAMPLE1")


@pytest.fixture
async def server(app: FastAPI) -> AsyncIterator[Server]:
    async with serving(app) as found:
        yield found


@pytest.fixture
def sender(server: Server, dock_id: str) -> Sender:
    return Sender(f"http://127.0.0.1:{server.port}", key_of(dock_id))


def key_of(dock_id: str) -> StorageKey:
    return give_key(UUID(dock_id))


async def files(db: Database) -> list[DockFile]:
    async with db.transaction(Role.worker) as session:
        return list((await session.scalars(select(DockFile).order_by(DockFile.received_at))).all())


async def in_parts() -> list[str]:
    """What lies in the store and is no file yet."""
    return [name async for name in blobs.names_below("parts")]


def told(error: ClientError) -> tuple[str, int]:
    """Our own code of a refusal as a foreign client hands it on, and the status."""
    answer = error.response
    return answer["ResponseMetadata"]["HTTPHeaders"]["x-liandong-code"], answer["ResponseMetadata"]["HTTPStatusCode"]


async def test_what_clients_of_other_makers_put_is_kept_byte_for_byte(
    sender: Sender, app: FastAPI, db: Database, tmp_path: Path
) -> None:
    photo, film = f"{DOCK}/示例 架次+1/DJI_0001_W (1).jpeg", f"{DOCK}/flight/DJI_0002.mp4"
    tag = (await sender.put(photo, JPEG))["ETag"]
    assert tag == f'"{hashlib.md5(JPEG, usedforsecurity=False).hexdigest()}"'
    assert (await sender.put(photo, JPEG))["ETag"] == tag, "again is a success"
    client, config = sender.boto3(), TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
    await asyncio.to_thread(client.upload_fileobj, io.BytesIO(FILM), BUCKET, film, Config=config)
    cert, key = certificate(tmp_path)
    async with serving(app, ssl_certfile=str(cert), ssl_keyfile=str(key)) as safe:  # there it sends signed trailers
        by_tls = Sender(f"https://127.0.0.1:{safe.port}", sender.key, str(cert))
        client = by_tls.boto3()
        await asyncio.to_thread(client.put_object, Bucket=BUCKET, Key=f"{DOCK}/tls.MRK", Body=b"data")
        await asyncio.to_thread(client.upload_fileobj, io.BytesIO(FILM[::-1]), BUCKET, f"{DOCK}/tls.bin", Config=config)
        client.close()
    rust = sender.obstore()
    await obstore.put_async(rust, f"{DOCK}/rust.jpeg", JPEG[:-1])
    await obstore.put_async(rust, f"{DOCK}/rust.mp4", FILM + b"1", chunk_size=PART)
    found = await files(db)
    assert [(one.object_key, one.media_type) for one in found] == [
        (photo, "image/jpeg"), (film, "video/mp4"), (f"{DOCK}/tls.MRK", "application/octet-stream"),
        (f"{DOCK}/tls.bin", "application/octet-stream"), (f"{DOCK}/rust.jpeg", "image/jpeg"),
        (f"{DOCK}/rust.mp4", "video/mp4"),
    ]  # fmt: skip
    for one, content in zip(found, (JPEG, FILM, b"data", FILM[::-1], JPEG[:-1], FILM + b"1"), strict=True):
        assert (one.sha256, one.size) == (hashlib.sha256(content).hexdigest(), len(content)), one.object_key
        assert await blobs.fetch(one.sha256) == content
    client = sender.boto3()
    shown = await asyncio.to_thread(client.head_object, Bucket=BUCKET, Key=film)
    assert (shown["ContentLength"], shown["ETag"][-3:]) == (len(FILM), '-3"')
    assert await asyncio.to_thread(client.head_bucket, Bucket=BUCKET)
    assert (await asyncio.to_thread(client.get_bucket_location, Bucket=BUCKET))["LocationConstraint"] is None
    assert await in_parts() == []
    assert not app.state.files_refused


async def test_an_upload_in_parts_outlives_the_server(
    sender: Sender, app: FastAPI, db: Database, as_: As, world: World
) -> None:
    name = f"{DOCK}/flight/DJI_0002.mp4"
    client = sender.boto3()
    asked = {"Bucket": BUCKET, "Key": name}
    asked["UploadId"] = (await asyncio.to_thread(client.create_multipart_upload, **asked))["UploadId"]
    pieces = [FILM[:PART], FILM[PART : 2 * PART], FILM[2 * PART :]]

    async def put_part(client: Any, number: int, content: bytes) -> Body:
        done = await asyncio.to_thread(client.upload_part, **asked, PartNumber=number, Body=content)
        return {"PartNumber": number, "ETag": done["ETag"]}

    await put_part(client, 2, b"spoilt on its way, and sent again")
    parts = [await put_part(client, 2, pieces[1]), await put_part(client, 1, pieces[0])]
    flow.connect()
    again = make_app(db)
    async with again.router.lifespan_context(again), serving(again) as server:
        client = Sender(f"http://127.0.0.1:{server.port}", sender.key).boto3()
        parts.append(await put_part(client, 3, pieces[2]))
        wrong = [{"PartNumber": 1, "ETag": parts[0]["ETag"]}], parts, [*parts[1:2], {**parts[0], "PartNumber": 9}]
        for listed in wrong:  # another's tag, out of order, one that is not here
            with pytest.raises(ClientError) as refused:
                await asyncio.to_thread(client.complete_multipart_upload, **asked, MultipartUpload={"Parts": listed})
            assert told(refused.value) == ("docks.part_invalid", 422)
        other = await register(as_, world, OTHER, "1581FSAMPLE2")
        theirs = Sender(f"http://127.0.0.1:{server.port}", key_of(other)).boto3()
        for upload in (asked | {"Key": f"{OTHER}/x.mp4"}, asked | {"Key": f"{OTHER}/x.mp4", "UploadId": "示例"}):
            with pytest.raises(ClientError) as refused:
                await asyncio.to_thread(theirs.abort_multipart_upload, **upload)
            assert told(refused.value) == ("docks.upload_unknown", 404)
        whole = {"Parts": sorted(parts, key=lambda part: int(part["PartNumber"]))}
        first, second = [
            await asyncio.to_thread(client.complete_multipart_upload, **asked, MultipartUpload=whole) for _ in range(2)
        ]
        assert first["ETag"] == second["ETag"], "an answer that was lost is given again"
    [file] = await files(db)
    assert await blobs.fetch(file.sha256) == FILM
    assert await in_parts() == []


async def test_what_nobody_goes_on_with_is_gone(sender: Sender, db: Database) -> None:
    client, asked = sender.boto3(), {"Bucket": BUCKET, "Key": f"{DOCK}/x.mp4"}
    for end in ("abort", "sweep"):
        begun = await asyncio.to_thread(client.create_multipart_upload, **asked)
        upload = asked | {"UploadId": begun["UploadId"]}
        await asyncio.to_thread(client.upload_part, **upload, PartNumber=1, Body=b"part")
        assert len(await in_parts()) == 1
        if end == "abort":
            await asyncio.to_thread(client.abort_multipart_upload, **upload)
        else:
            async with db.transaction(Role.worker) as session:
                await sweep_dock_uploads(session, now() + timedelta(days=8))
        assert await in_parts() == []
        with pytest.raises(ClientError) as refused:
            await asyncio.to_thread(client.upload_part, **upload, PartNumber=2, Body=b"late")
        assert told(refused.value) == ("docks.upload_unknown", 404)
    assert await files(db) == []


async def test_a_key_opens_its_own_place_for_writing_for_an_hour(
    sender: Sender, db: Database, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, client, own = sender.key, sender.boto3(), f"{DOCK}/1.jpeg"
    await sender.put(own, JPEG)

    async def says_no(code: str, status: int, deed: Callable[..., Any], **asked: Any) -> None:
        with pytest.raises(ClientError) as refused:
            await asyncio.to_thread(deed, Bucket=BUCKET, **asked)
        assert told(refused.value) == (code, status), refused.value

    for object_key in (f"{OTHER}/1.jpeg", "1.jpeg", f"{DOCK}x/1.jpeg"):
        await says_no("s3.foreign_prefix", 403, client.put_object, Key=object_key, Body=JPEG)
    await says_no("s3.request_unreadable", 422, client.put_object, Key=f"{DOCK}/../{OTHER}/1.jpeg", Body=JPEG)
    await says_no("s3.write_only", 403, client.get_object, Key=own)
    await says_no("s3.write_only", 403, client.delete_object, Key=own)
    await says_no("s3.write_only", 403, client.list_objects_v2)
    await says_no("s3.write_only", 403, client.create_bucket)
    await says_no("s3.write_only", 403, client.copy_object, Key=f"{DOCK}/2.jpeg", CopySource=f"{BUCKET}/{own}")
    spoilt = {
        "s3.signature_wrong": key._replace(secret=key.secret[::-1]),
        "docks.key_unknown": key._replace(token=give_key(UUID(int=1)).token),
    }
    for code, other in spoilt.items():
        await says_no(code, 403, sender.boto3(other).put_object, Key=own, Body=JPEG)
    later = key.access_key_id[:-1] + ("0" if key.access_key_id[-1] != "0" else "1")
    await says_no(
        "docks.key_unknown", 403, sender.boto3(key._replace(access_key_id=later)).put_object, Key=own, Body=JPEG
    )
    nobody = sender.boto3(give_key(UUID(int=1)))
    await says_no("docks.key_unknown", 403, nobody.put_object, Key=own, Body=JPEG)
    monkeypatch.setattr(storage_keys, "KEY_SECONDS", -1)
    await says_no("docks.key_expired", 403, sender.boto3(key_of_holder(key)).put_object, Key=own, Body=JPEG)
    for off in (timedelta(minutes=16), -timedelta(minutes=16)):
        with monkeypatch.context() as patched:
            patched.setattr(door, "now", lambda off=off: now() + off)
            await says_no("s3.clock_skewed", 403, client.put_object, Key=own, Body=JPEG)
    monkeypatch.setattr(routes, "_most", lambda: 1000)
    await says_no("s3.too_large", 413, client.put_object, Key=own, Body=JPEG)
    monkeypatch.setattr(routes, "ROOM_LEFT", 2**62)
    await says_no("s3.no_room", 503, client.put_object, Key=own, Body=b"small")
    url = client.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": own})
    async with httpx.AsyncClient() as http:
        assert (await http.put(url, content=JPEG)).headers["x-liandong-code"] == "s3.unsigned"
        health = (await http.get(f"{sender.address}/api/health")).json()
    assert len(await files(db)) == 1
    assert health["files_refused"]["s3.foreign_prefix"] == 3
    assert health["files_refused"] == dict(app.state.files_refused)


def key_of_holder(key: StorageKey) -> StorageKey:
    return give_key(UUID(hex=key.access_key_id[2:34]))


async def test_what_is_spoilt_on_its_way_is_kept_nowhere(sender: Sender, app: FastAPI, db: Database) -> None:
    own = f"/{BUCKET}/{DOCK}/1.jpeg"
    async with httpx.AsyncClient() as http:

        async def says_no(request: httpx.Request, code: str) -> None:
            answer = await http.send(request)
            root = Tree.fromstring(answer.content)  # noqa: S314  our own words
            assert (root.tag, root.findtext("LiandongCode")) == ("Error", code), answer.text
            assert root.findtext("Code")

        other = sender.signed("PUT", own, JPEG)
        await says_no(httpx.Request("PUT", other.url, headers=other.headers, content=JPEG[::-1]), "s3.digest_mismatch")
        moved = sender.signed("PUT", own, JPEG)
        await says_no(httpx.Request("PUT", f"{moved.url}x", headers=moved.headers, content=JPEG), "s3.signature_wrong")
        added = sender.signed("PUT", own, JPEG)
        added.headers["x-amz-acl"] = "public-read"
        await says_no(added, "s3.unsigned")
        await says_no(
            sender.signed("PUT", own, JPEG, {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}), "s3.digest_mismatch"
        )
        await says_no(sender.signed("POST", f"{own}?uploadId=1", b"<Complete"), "docks.upload_unknown")
        begun = (await http.send(sender.signed("POST", f"{own}?uploads="))).text
        upload_id = Tree.fromstring(begun).findtext("{*}UploadId")  # noqa: S314
        for parts in (b"", b"<Complete", b"<!DOCTYPE x []><CompleteMultipartUpload/>", b"<CompleteMultipartUpload/>"):
            await says_no(sender.signed("POST", f"{own}?uploadId={upload_id}", parts), "s3.parts_unreadable")
        await says_no(sender.signed("PUT", f"{own}?uploadId={upload_id}&partNumber=0", b"x"), "s3.request_unreadable")
    await cut_short(sender.signed("PUT", own, JPEG), JPEG[:999])
    part = f"{own}?uploadId={upload_id}&partNumber=1"
    await cut_short(sender.signed("PUT", part, JPEG), JPEG[:999])
    async with asyncio.timeout(10):
        while app.state.files_refused["s3.truncated"] < 2:  # noqa: ASYNC110  whoever hung up is told nothing
            await asyncio.sleep(0.02)
    assert await files(db) == []
    assert await in_parts() == []


async def cut_short(request: httpx.Request, content: bytes) -> None:
    """The request is sent with only so much of its body, and then the line breaks."""
    _, writer = await asyncio.open_connection(request.url.host, request.url.port)
    head = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    writer.write("\r\n".join([*head, "", ""]).encode() + content)
    await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_garbage_is_refused_with_a_code(app: FastAPI, dock_id: str) -> None:
    headers = st.sampled_from(["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"])
    letters = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)
    like = st.from_regex(
        r"AWS4-HMAC-SHA256 Credential=[A-Z0-9]{16,50}/[0-9]{8}/x/s3/aws4_request, SignedHeaders=[a-z;-]{1,20}, Signature=[0-9a-f]{64}",
        fullmatch=True,
    )
    sender = Sender("http://test", key_of(dock_id))
    codes = set()

    @settings(deadline=None, max_examples=40)
    @given(
        st.dictionaries(headers, letters | like, max_size=4),
        st.binary(max_size=300),
        st.sampled_from(["PUT", "POST", "GET", "DELETE"]),
        letters,
    )
    def fuzzed(spoilt: dict[str, str], content: bytes, method: str, path: str) -> None:
        request = sender.signed(method, f"/{BUCKET}/{DOCK}/{path}".replace("#", "").replace("?", "%3F"), content)
        request.headers.update({name: value.strip() for name, value in spoilt.items()})
        answer = loop_run(request)
        assert answer.status_code < 500, answer.text
        codes.add(answer.headers.get("x-liandong-code"))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        loop = asyncio.get_running_loop()

        def loop_run(request: httpx.Request) -> httpx.Response:
            return asyncio.run_coroutine_threadsafe(http.send(request), loop).result(30)

        await asyncio.to_thread(fuzzed)
    assert "s3.unsigned" in codes
    assert None in codes or len(codes) > 2
