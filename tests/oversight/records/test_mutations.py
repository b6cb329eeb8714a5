"""Whatever is done to a record is found, and its place is named: thousands of mutations, each seed repeatable."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from liandong.oversight.records.proof.findings import findings_words
from liandong.oversight.records.proof.verify import verify
from tests.oversight.records.conftest import Exported
from tests.oversight.records.mutations import (
    MANIFEST,
    SHORTEST,
    SIGNATURE,
    Hand,
    Mutation,
    every_entry,
    every_value,
    pack,
    unpack,
)

TIMES = int(os.environ.get("RECORD_MUTATIONS", "1500"))
FORGERIES = TIMES // 8


def found(mutation: Mutation) -> set[str]:
    """The places that were named; every finding has words in both languages, with nothing left to fill in."""
    report = verify(mutation.content)
    assert report.exit_code != 0, f"not found: {mutation.what}"
    for finding in report.body()["findings"]:
        assert "{" not in finding["words_zh"] + finding["words_en"] or "{" in str(finding), finding
    return {finding.entry for finding in report.findings}


def test_an_ordinary_program_reads_the_same(exported: Exported) -> None:
    assert pack(unpack(exported.content)) == exported.content


def test_every_mutation_is_found_and_its_place_is_named(exported: Exported) -> None:
    hand, seen = Hand(exported.content, seed=20260101), set()
    for _ in range(TIMES):
        mutation = hand.next()
        if mutation.content == exported.content:
            continue
        named = found(mutation)
        assert mutation.named <= named, (
            f"{mutation.what}: {mutation.named - named} is not named, only {sorted(named)[:5]}"
        )
        if "*" not in mutation.also:
            strange = named - mutation.named - mutation.also
            assert not strange, f"{mutation.what}: {strange} was not touched"
        seen.add(mutation.what.split()[0])
    assert seen == {"flip", "drop", "duplicate", "rename", "move", "swap", "edit", "add", "cut", "put", "take"}


@pytest.mark.parametrize("every", [every_value, every_entry])
def test_whatever_is_touched_is_named_and_nothing_else(
    exported: Exported, every: Callable[[bytes], Iterable[Mutation]]
) -> None:
    """Not by chance: each single value of the record, and each single entry."""
    count = 0
    for mutation in every(exported.content):
        assert found(mutation) == mutation.named, mutation.what
        count += 1
    assert count > 60


def test_a_forged_manifest_is_found_and_mostly_the_forged_place_too(exported: Exported) -> None:
    """Whoever makes the manifest fit cannot sign it; and what hangs together elsewhere gives the place away."""
    hand, given_away = Hand(exported.content, seed=7), 0
    for _ in range(FORGERIES):
        mutation = hand.forge()
        named = found(mutation)
        assert named & {MANIFEST, SIGNATURE}, mutation.what
        given_away += mutation.what.split()[1].rstrip(":") in named
    assert given_away > FORGERIES * 0.7


@pytest.mark.parametrize("size", [0, 1, 4, 21, 22, SHORTEST - 1])
def test_what_is_left_of_the_first_header_is_no_record(exported: Exported, size: int) -> None:
    assert verify(exported.content[:size]).exit_code == 2


def test_every_byte_around_the_content_counts(exported: Exported) -> None:
    """The first and the last header and the end, byte by byte, each time another bit: nothing in them is free."""
    hand = Hand(exported.content, seed=1)
    last = hand.entries[-1][0]
    spans = [
        range(30 + len(MANIFEST)),
        range(hand.layout.content_starts[last] - 30 - len(last), hand.layout.content_starts[last]),
    ]
    for offset in [*spans[0], *spans[1], *range(len(exported.content) - 22, len(exported.content))]:
        altered = bytearray(exported.content)
        altered[offset] ^= 1 << offset % 8
        named = found(Mutation(f"bit {offset % 8} of byte {offset}", bytes(altered), frozenset()))
        assert hand.layout.at(offset) in named, f"byte {offset}: {named}"


def test_the_words_are_those_of_the_codes() -> None:
    folder = Path(__file__).parents[3] / "liandong/oversight/records/proof"
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    named = set(re.findall(r'"([a-z]+\.[a-z_]+)"', source)) - {
        "manifest.json",
        "signature.json",
        "liandong.record",
        "links.txt",
    }
    assert named == set(findings_words())
