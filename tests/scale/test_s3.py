"""Files in an S3 bucket, by setting alone: the same promises as in a local folder, against a real S3 protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import boto3
import httpx
import pytest
from botocore.client import BaseClient
from moto.server import ThreadedMotoServer

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid
from liandong.kernel.settings import settings
from tests.means.evidence.sender import Sender, receipt_in
from tests.world import World

PORT = 18470
BUCKET, FOLDER = "example-files", "evidence"
KEYS = {"AWS_ACCESS_KEY_ID": "example", "AWS_SECRET_ACCESS_KEY": "example", "AWS_REGION": "us-east-1"}
PICTURE = "示例照片".encode() * 1000


@pytest.fixture(scope="module")
def bucket() -> Iterator[BaseClient]:
    """An empty bucket on a server of our own, and a client that looks at it from outside."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=PORT, verbose=False)
    server.start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_REGION"],
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.close()
    server.stop()


@pytest.fixture(autouse=True)
def by_setting(bucket: BaseClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process keeps its files in the bucket, because its environment says so."""
    monkeypatch.setenv("LIANDONG_BLOB_URL", f"s3://{BUCKET}/{FOLDER}")
    monkeypatch.setenv("LIANDONG_BLOB_S3_ENDPOINT", f"http://127.0.0.1:{PORT}")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    blobs.store.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    blobs.store.cache_clear()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def names(bucket: BaseClient) -> set[str]:
    """What is in the bucket, seen from outside."""
    return {one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


async def test_a_kept_file_lies_in_the_bucket_and_comes_back(bucket: BaseClient) -> None:
    await blobs.keep(digest(PICTURE), PICTURE)
    await blobs.keep(digest(PICTURE), PICTURE)
    name = f"{FOLDER}/{blobs.path(digest(PICTURE))}"
    assert name in names(bucket)
    assert bucket.get_object(Bucket=BUCKET, Key=name)["Body"].read() == PICTURE
    assert await blobs.fetch(digest(PICTURE)) == PICTURE


async def test_a_large_file_comes_back_in_pieces() -> None:
    content = bytes(range(256)) * 60_000
    await blobs.keep(digest(content), content)
    pieces = [piece async for piece in blobs.stream(digest(content))]
    assert len(pieces) > 1
    assert b"".join(pieces) == content


async def test_a_false_digest_is_refused_and_nothing_is_kept(bucket: BaseClient) -> None:
    before, claimed = names(bucket), digest("示例：另一张照片".encode())
    with pytest.raises(Invalid) as refused:
        await blobs.keep(claimed, PICTURE)
    assert refused.value.code == "evidence.digest_mismatch"
    assert names(bucket) == before
    with pytest.raises(FileNotFoundError):
        await blobs.fetch(claimed)


async def test_what_somebody_else_put_there_is_read_as_it_is(bucket: BaseClient) -> None:
    content = "示例：第二台服务器存入的文件".encode()
    bucket.put_object(Bucket=BUCKET, Key=f"{FOLDER}/{blobs.path(digest(content))}", Body=content)
    assert await blobs.fetch(digest(content)) == content


async def test_a_file_that_comes_in_pieces_lies_in_the_bucket_whole(bucket: BaseClient) -> None:
    content = "示例：分片上传".encode() * 300_000
    pieces = [content[first : first + 1_000_000] for first in range(0, len(content), 1_000_000)]
    parts = [await blobs.keep_part("example", piece) for piece in pieces]
    assert names(bucket) >= {f"{FOLDER}/{part}" for part in parts}
    with pytest.raises(Invalid):
        await blobs.join_parts(digest(PICTURE + b"another"), "example", parts)
    await blobs.join_parts(digest(content), "example", parts)
    await blobs.join_parts(digest(content), "example", parts)
    await blobs.drop_parts("example")
    await blobs.drop_parts("example")
    assert await blobs.fetch(digest(content)) == content
    assert not [name for name in names(bucket) if name.startswith(f"{FOLDER}/parts/")]


async def test_an_upload_through_the_door_ends_in_the_bucket(
    client: httpx.AsyncClient, world: World, bucket: BaseClient
) -> None:
    sender, content = Sender(client, world.east.lin), "示例：手机上的照片".encode() * 1000
    where = await sender.location(content)
    await sender.patch(where, 0, content[:7000])
    assert await sender.offset(where) == 7000
    assert receipt_in(await sender.patch(where, 7000, content[7000:]))["sha256"] == digest(content)
    key = f"{FOLDER}/{blobs.path(digest(content))}"
    assert bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read() == content
