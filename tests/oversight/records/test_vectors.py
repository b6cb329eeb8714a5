"""Server and browser give one answer: on the vectors that are kept, and on hundreds of mutations made here and now."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from liandong.oversight.records.proof.verify import verify
from tests.oversight.records.conftest import Exported
from tests.oversight.records.mutations import Hand, pack, unpack
from tests.oversight.records.test_hardening import noisy
from tests.oversight.records.test_insider import CHANGES, applied
from tests.oversight.records.vectors import KEPT, altered, vector, write
from tools.setup_common import ROOT
from tools.setup_node import node_environment

FRESH = 240
SMALL = 400


def test_kept_vectors_are_answered_as_they_were(exported: Exported) -> None:
    if os.environ.get("RECORD_VECTORS") == "write":
        _keep(exported)
    record = (KEPT / "record.zip").read_bytes()
    vectors = json.loads((KEPT / "vectors.json").read_text(encoding="utf-8"))
    assert len(vectors) > 40
    for one in vectors:
        assert verify(altered(record, one["splices"]), one["key"]).body() == one["report"], one["what"]


def _keep(exported: Exported) -> None:
    """Those that are said in few bytes; the others are made when the tests run."""
    record, hand = exported.content, Hand(exported.content, seed=1)
    made = [vector(record, "as it was sealed", record), vector(record, "with its key", record, exported.public_key)]
    made.append(vector(record, "with another key", record, "0" * 64))
    for deed in (hand.flip, hand.flip_around, hand.cut, hand.put_in, hand.take_out):
        made += [vector(record, one.what, one.content) for one in (deed() for _ in range(10))]
    write(KEPT, record, [one for one in made if len(json.dumps(one)) < SMALL * 20])


def test_the_browser_answers_as_the_server_does(exported: Exported, tmp_path: Path) -> None:
    record, hand = exported.content, Hand(exported.content, seed=20260202)
    made = [vector(record, "as it was sealed", record, exported.public_key)]
    made += [
        vector(record, f"{number} {one.what}", one.content)
        for number, one in enumerate(hand.next() for _ in range(FRESH))
    ]
    made += [vector(record, f"forged {number}", hand.forge().content) for number in range(FRESH // 4)]
    made += [vector(record, f"noise {number}", noisy(record, number)) for number in range(FRESH // 8)]
    made += [vector(record, f"insider {number}", applied(record, *change[:3])) for number, change in enumerate(CHANGES)]
    made += [vector(record, "dropped twice", pack([one for one in unpack(record) if "moves" not in one[0]]))]
    write(tmp_path, record, made)
    assert {one["what"] for one in made} <= answered_in_browser(tmp_path), "these vectors, and not the kept ones"


def answered_in_browser(folder: Path) -> set[str]:
    """What was done to the records of a folder of vectors that the browser's proof answered as its report says."""
    environment = {
        **os.environ,
        **node_environment(),
        "LIANDONG_RECORD_VECTORS": str(folder),
        "CI": "1",
        "NO_COLOR": "1",
    }
    said = folder / "said.json"
    command = ["npx", "vitest", "run", "public/verify/verify.test.ts", "--reporter=json", f"--outputFile={said}"]
    done = subprocess.run(command, cwd=ROOT / "apps", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    return {one["title"] for file in json.loads(said.read_text())["testResults"] for one in file["assertionResults"]}
