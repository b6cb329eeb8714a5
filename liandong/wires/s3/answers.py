"""What a client of S3 is told: XML as the reference has it. Our own stable code stands in every refusal beside theirs."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as Tree

from starlette.responses import Response

from liandong.kernel.errors import Invalid, LiandongError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
CODES = {
    "s3.unsigned": "AccessDenied",
    "s3.signature_wrong": "SignatureDoesNotMatch",
    "s3.chunk_signature": "SignatureDoesNotMatch",
    "s3.clock_skewed": "RequestTimeTooSkewed",
    "s3.foreign_prefix": "AccessDenied",
    "s3.write_only": "AccessDenied",
    "s3.too_large": "EntityTooLarge",
    "s3.length_missing": "MissingContentLength",
    "s3.digest_mismatch": "BadDigest",
    "s3.truncated": "IncompleteBody",
    "s3.chunk_unreadable": "InvalidRequest",
    "s3.request_unreadable": "InvalidArgument",
    "s3.parts_unreadable": "MalformedXML",
    "s3.object_unknown": "NoSuchKey",
    "s3.no_room": "SlowDown",
    "s3.store_away": "ServiceUnavailable",
    "docks.key_unknown": "InvalidAccessKeyId",
    "docks.key_expired": "ExpiredToken",
    "docks.too_many_uploads": "SlowDown",
    "docks.upload_unknown": "NoSuchUpload",
    "docks.part_invalid": "InvalidPart",
    "kernel.database_unavailable": "ServiceUnavailable",
}
"""By our code the one that clients of S3 know; what they may try again is told by it and by the status."""
MOST_PARTS = 10_000
LARGEST_LIST = 4 * 1024 * 1024


def refusal(error: LiandongError, resource: str, request_id: str) -> Response:
    """A refusal; `LiandongCode` is ours. The connection ends with it: the body may not have been read, and a client that
    waited for leave to send it goes on with its next request."""
    root = Tree.Element("Error")
    words = {"Code": CODES[error.code], "Message": str(error), "LiandongCode": error.code,
             "Resource": resource, "RequestId": request_id}  # fmt: skip
    for name, word in words.items():
        Tree.SubElement(root, name).text = word
    return _written(root, error.status, {"x-liandong-code": error.code, "connection": "close"})


def begun(bucket: str, key: str, upload_id: str) -> Response:
    """The number under which parts may come."""
    return _told("InitiateMultipartUploadResult", Bucket=bucket, Key=key, UploadId=upload_id)


def completed(bucket: str, key: str, etag: str) -> Response:
    """The parts are one object."""
    return _told("CompleteMultipartUploadResult", Location=f"/{bucket}/{key}", Bucket=bucket, Key=key, ETag=f'"{etag}"')


def region(name: str) -> Response:
    """In which region the bucket is; the oldest one is told by saying nothing."""
    root = Tree.Element("LocationConstraint", xmlns=NAMESPACE)
    root.text = None if name == "us-east-1" else name
    return _written(root, 200)


def kept(etag: str) -> Response:
    """The bytes are here."""
    return Response(status_code=200, headers={"etag": f'"{etag}"'})


def known(etag: str, size: int, received_at: datetime) -> Response:
    """What is asked of an object without its bytes."""
    moment = received_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = {"etag": f'"{etag}"', "content-length": str(size), "last-modified": moment}
    return Response(status_code=200, headers=headers)


def read_parts(content: bytes) -> list[tuple[int, str]]:
    """The parts that a client says make up an object: number and etag of each.

    Raises    s3.parts_unreadable
    """
    if b"<!" in content:  # a list of parts declares no types; entities in it would be an attack
        raise Invalid("s3.parts_unreadable")
    try:
        root = Tree.fromstring(content)  # noqa: S314  nothing can be declared in it
        found = [
            (int(_text(part, "PartNumber")), _text(part, "ETag").strip('"'))
            for part in root
            if part.tag.rpartition("}")[2] == "Part"
        ]
    except (Tree.ParseError, ValueError):
        raise Invalid("s3.parts_unreadable") from None
    if not 0 < len(found) <= MOST_PARTS:
        raise Invalid("s3.parts_unreadable")
    return found


def _text(part: Tree.Element, name: str) -> str:
    found = next((child.text for child in part if child.tag.rpartition("}")[2] == name), None)
    if found is None:
        raise ValueError(name)
    return found.strip()


def _told(root_name: str, **words: str) -> Response:
    root = Tree.Element(root_name, xmlns=NAMESPACE)
    for name, word in words.items():
        Tree.SubElement(root, name).text = word
    return _written(root, 200)


def _written(root: Tree.Element, status: int, headers: dict[str, str] | None = None) -> Response:
    content = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, status, headers, "application/xml")
