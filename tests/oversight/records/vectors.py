"""Vectors that hold both implementations of the proof to one answer; apps/public/verify/verify.test.ts reads them.

`RECORD_VECTORS=write pytest tests/oversight/records/test_vectors.py` makes those that are kept beside this file anew.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from liandong.oversight.records.proof.verify import verify

KEPT = Path(__file__).parent / "vectors"


def vector(record: bytes, what: str, content: bytes, key: str | None = None) -> dict[str, Any]:
    """What was done to a record, as bytes replaced in it, and the report."""
    splices = [] if content == record else [_splice(record, content)]
    return {"what": what, "splices": splices, "key": key, "report": verify(content, key).body()}


def _splice(before: bytes, after: bytes) -> tuple[int, int, str]:
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    same = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), most - start)
    return start, len(before) - start - same, base64.b64encode(after[start : len(after) - same]).decode()


def write(folder: Path, record: bytes, vectors: Iterable[dict[str, Any]]) -> None:
    """The folder holds the record and its vectors."""
    folder.mkdir(exist_ok=True)
    (folder / "record.zip").write_bytes(record)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in vectors)
    (folder / "vectors.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def altered(record: bytes, splices: list[tuple[int, int, str]]) -> bytes:
    """The record with these bytes replaced."""
    for offset, gone, come in reversed(splices):
        record = record[:offset] + base64.b64decode(come) + record[offset + gone :]
    return record
