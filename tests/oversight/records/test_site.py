"""What was put right on the spot, recorded, sampled and noted is in the sealed record, and a change of it is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liandong.kernel.db import Database
from liandong.kernel.jobs import Worker
from liandong.kernel.secrets import signing_key
from liandong.oversight.records.proof.verify import verify
from tests.conftest import As
from tests.oversight.records.conftest import export
from tests.oversight.records.mutations import Hand, read, unpack
from tests.oversight.records.test_insider import edited, first, sign
from tests.oversight.records.test_vectors import answered_in_browser
from tests.oversight.records.vectors import vector, write
from tests.seat import PICTURE
from tests.wires.phone.test_site_deeds import VOICE, noted, put_right, recorded, sampled, sent
from tests.world import BORDER_POINT, World


async def enforced(as_: As, world: World, worker: Worker, db: Database) -> bytes:
    """A sealed visit with a problem put right on the spot, a voice note, a sketch and a sample."""
    phone = await sent(as_, world)
    voice, sheet = await phone.seat.put_file(VOICE, "audio/webm"), await phone.seat.put_file(PICTURE)
    await put_right(phone)
    recorded(phone, voice, "voice_note", length_s=12)
    recorded(phone, sheet, "sketch", sketch={"width": 9, "height": 9, "strokes": [[1, 2]], "stamps": [[1, 2, "gate"]]})
    sampled(phone, party_present="示例厂长")
    await phone.did(*phone.outbox)
    await worker.drain()
    return await export(db, phone.inspection_id)


async def helped(as_: As, world: World, worker: Worker, db: Database) -> bytes:
    """A sealed visit that helped, its note written twice."""
    phone = await sent(as_, world, "assistance")
    phone.arrive(BORDER_POINT)
    noted(phone, people_count=1)
    noted(phone)
    phone.submit()
    await phone.did(*phone.outbox)
    await worker.drain()
    return await export(db, phone.inspection_id)


ENFORCED: list[tuple[str, dict[str, Any], str, Any]] = [
    ("record/problems/", {}, "on_spot_confirmed_by", "另一人"),
    ("record/problems/", {}, "on_spot_at", None),
    ("record/moves/", {"verb": "claim"}, "words", "示例：没有整改"),
    ("record/moves/", {"verb": "claim"}, "evidence_ids", []),
    ("record/samples/", {}, "said", {"number": "示例-02"}),
    ("record/samples/", {}, "party_present", None),
    ("record/photos/", {"kind": "voice_note"}, "details", {"length_s": 1}),
    ("record/photos/", {"kind": "sketch"}, "kind", "photo"),
]
HELPED: list[tuple[str, dict[str, Any], str, Any]] = [
    ("record/support.json", {}, "people_count", 500),
    ("record/support.json", {}, "advice", []),
]


@pytest.mark.parametrize(("make", "changes"), [(enforced, ENFORCED), (helped, HELPED)])
async def test_it_is_in_the_record_and_whoever_holds_the_key_cannot_change_it_unseen(
    as_: As, world: World, worker: Worker, db: Database, tmp_path: Path, make: Any, changes: Any
) -> None:
    record = await make(as_, world, worker, db)
    assert verify(record).body()["ok"], verify(record).body()
    entries = unpack(record)
    made = [vector(record, "as it was sealed", record)]
    for folder, said, column, value in changes:
        path = first(entries, folder, **said)
        assert read(dict(entries)[path])[column] != value
        forged = sign(edited(entries, path, lambda row, at=column, to=value: row.update({at: to})), signing_key())
        findings = verify(forged).body()["findings"]
        assert any(path in str(finding) or "record/moves/" in str(finding) for finding in findings), findings
        made.append(vector(record, f"{path} {column}", forged))
    hand = Hand(record, seed=20260303)
    made += [
        vector(record, f"{number} {one.what}", one.content) for number, one in enumerate(hand.next() for _ in range(30))
    ]
    write(tmp_path, record, made)
    assert {one["what"] for one in made} <= answered_in_browser(tmp_path)
