"""The entries of a record against its manifest: each there, once, unaltered, in its place, and no other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from liandong.oversight.records.proof.findings import Finding
from liandong.oversight.records.proof.form import UNLISTED, is_name
from liandong.oversight.records.proof.manifest import Listed
from liandong.oversight.records.proof.plain_json import sha256

Contents = dict[str, memoryview]


def check_names(names: Sequence[str]) -> Iterator[Finding]:
    """Names that no entry of a record can have, and names that come twice."""
    seen: set[str] = set()
    for name in names:
        if not is_name(name):
            yield Finding("archive.unsafe_name", name)
        if name in seen:
            yield Finding("file.duplicate", name)
        seen.add(name)


def check_entries(names: Sequence[str], contents: Contents, listed: Sequence[Listed]) -> Iterator[Finding]:
    """Every difference between what is there and what the manifest lists, in the order of the manifest."""
    expected = {one.path: one for one in listed}
    lost = [name for name in (*UNLISTED, *expected) if name not in contents]
    strange = [name for name in contents if name not in expected and name not in UNLISTED]
    renamed = _renamed(lost, strange, contents, expected)
    for path, one in expected.items():
        if path in contents:
            actual = sha256(contents[path])
            if actual != one.sha256:
                yield Finding("file.altered", path, one.sha256, actual)
    for name in lost:
        yield Finding("file.renamed", name, name, renamed[name]) if name in renamed else Finding("file.missing", name)
    for name in strange:
        if name not in renamed.values():
            yield Finding("file.added", name)
    here = list(dict.fromkeys(name for name in names if name in expected or name in UNLISTED))
    order = {name: place for place, name in enumerate((*UNLISTED, *expected))}
    for position in out_of_order([order[name] for name in here]):
        yield Finding("file.moved", here[position])


def _renamed(lost: list[str], strange: list[str], contents: Contents, expected: dict[str, Listed]) -> dict[str, str]:
    """Lost names by the new name under which their content is still there."""
    found: dict[str, str] = {}
    for new in strange:
        digest = sha256(contents[new])
        for old in lost:
            if old not in found and old in expected and expected[old].sha256 == digest:
                found[old] = new
                break
    return found


def out_of_order(places: Sequence[int]) -> list[int]:
    """The fewest positions that must be moved so that the others ascend; none if all do."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, place in enumerate(places):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [position]
    kept: set[int] = set()
    position = ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return [position for position in range(len(places)) if position not in kept]
