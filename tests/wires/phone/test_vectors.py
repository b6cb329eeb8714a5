"""A deed has the same digest on the phone and on the server; apps/mobile/outbox/digest.test.ts reads the same file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liandong.wires.phone.frame import true_digest

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_server_digests_a_deed_as_the_phone_does(vector: dict[str, Any]) -> None:
    assert true_digest(vector["deed"]) == vector["digest"]
    assert true_digest({**vector["deed"], "digest": "not part of it"}) == vector["digest"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_any_change_of_a_deed_changes_its_digest(vector: dict[str, Any]) -> None:
    deed = vector["deed"]
    for name in deed:
        assert true_digest({**deed, name: "changed"}) != vector["digest"]
        assert true_digest({key: value for key, value in deed.items() if key != name}) != vector["digest"]
