"""Files that are no records, or want to do harm: a clear code for each, no crash, no time and no memory lost."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from liandong.kernel import canonical
from liandong.oversight.records.proof import form
from liandong.oversight.records.proof.instants import beijing_day, micros, same
from liandong.oversight.records.proof.plain_json import NotPlain, read_json
from liandong.oversight.records.proof.verify import verify
from liandong.oversight.records.proof.zip_write import Archive
from tests.oversight.records.conftest import Exported
from tests.oversight.records.mutations import pack, relist, unpack


def zipped(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, body in entries:
            archive.writestr(name, body)
    return out.getvalue()


def codes(content: bytes) -> set[str]:
    return {one.code for one in verify(content).findings}


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"\0" * 5000, b"%PDF-1.7", zipped([]), zipped([("a.txt", b"a")]), b"PK\x03\x04" * 1000, b"PK\x05\x06" + b"\xff" * 18],
    ids=["empty", "two bytes", "zeros", "pdf", "empty zip", "other zip", "headers", "end only"],
)  # fmt: skip
def test_what_is_no_record_is_said_to_be_none(content: bytes) -> None:
    report = verify(content)
    assert report.exit_code == 2
    assert "archive.no_record" in codes(content)
    assert report.body()["format"] is None


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped([("manifest.json", b"\0" * 300_000_000)], zipfile.ZIP_DEFLATED)
    assert codes(bomb) == {"archive.compressed", "archive.no_record"}


def test_entries_that_lie_upon_each_other_are_not_read_twice(exported: Exported) -> None:
    """A directory that points many names at the same bytes would make a small file cost as much as a large one."""
    name, body = "originals/x.png", b"x" * 100_000
    content = pack([(name, body)] * 2)
    line = content[content.index(b"PK\x01\x02") : -22][: 46 + len(name)]
    many = content[: content.index(b"PK\x01\x02")] + line * 20_000
    size, offset = len(line) * 20_000, content.index(b"PK\x01\x02")
    end = b"PK\x05\x06" + b"\0" * 8 + size.to_bytes(4, "little") + offset.to_bytes(4, "little") + b"\0\0"
    assert verify(many + end).exit_code == 2


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/passwd", "a/../../b", "C:\\x", "a//b", "./a", ".hidden", "a" * 200]
)
def test_names_that_climb_are_refused(exported: Exported, name: str) -> None:
    """Nothing is ever written to a disk; the name alone is reason enough."""
    entries = [*unpack(exported.content), (name, b"{}")]
    content = zipped(entries)
    assert "archive.unsafe_name" in codes(content) or "archive.truncated" in codes(content)
    with pytest.raises(ValueError, match="no name"):
        Archive(io.BytesIO()).add(name, b"")


def test_a_name_that_comes_twice_is_named(exported: Exported) -> None:
    entries = unpack(exported.content)
    content = pack([*entries, ("record/task.json", b"{}")])
    assert ("file.duplicate", "record/task.json") in {(one.code, one.where) for one in verify(content).findings}


def test_packed_again_by_another_program_it_is_no_longer_the_original(exported: Exported) -> None:
    """Its content is as it was, and nothing is said against that; but it is not the file that was sealed."""
    report = verify(zipped(unpack(exported.content)))
    assert report.exit_code == 1
    assert [check.name for check in report.checks if check.findings] == ["archive"]
    assert "archive.compressed" in codes(zipped(unpack(exported.content), zipfile.ZIP_DEFLATED))


def noisy(record: bytes, seed: int) -> bytes:
    """Documents of any shape under the names of a record, in an archive that is otherwise right."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    values: list[Any] = [
        None,
        True,
        1,
        -0.5,
        "",
        "示例",
        [],
        {},
        [{}],
        {"deed": []},
        {"receipt": {"signature": 1}},
        {"said": 3},
    ]
    entries, is_listed = [], chance.random() < 0.5
    for name, body in unpack(record):
        is_spared = is_listed and name in form.UNLISTED
        if name.endswith(".json") and not is_spared and chance.random() < 0.2:
            entries.append((name, canonical.canonical_bytes(_deep(chance, values, 3))))
        else:
            entries.append((name, body))
    return pack(relist(entries) if is_listed else entries)


@pytest.mark.parametrize("seed", range(160))
def test_noise_never_makes_it_stumble(exported: Exported, seed: int) -> None:
    report = verify(noisy(exported.content, seed))
    assert report.exit_code == 1
    assert report.body()["findings"]


def _deep(chance: random.Random, values: list[Any], depth: int) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(values)
    names = [
        "deed",
        "receipt",
        "sent",
        "said",
        "payload",
        "id",
        "seq",
        "digest",
        "chain",
        "files",
        "ledger",
        "needs",
        "path",
    ]
    return {chance.choice(names): _deep(chance, values, depth - 1) for _ in range(4)}


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', "1.0", "-0", "NaN", "1e999", '"\\ud800"', "\ufeff1", "[" * 100_000, "01", "",
     "[" * 70 + "]" * 70, "9" * 5000],
)  # fmt: skip
def test_json_that_is_not_in_its_one_form_is_not_read(text: str) -> None:
    with pytest.raises(NotPlain):
        read_json(text.encode())


@pytest.mark.parametrize(
    "text", ["1", '{"a":1,"b":[true,null,"示"]}', "100000000000000000000", "0.5", "[[]]", "9007199254740991"]
)
def test_json_in_its_one_form_is_read(text: str) -> None:
    read_json(text.encode())


def test_json_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(NotPlain, match="too large"):
        read_json(b'"' + b"a" * form.LARGEST_JSON + b'"')


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", True),
        ("2026-01-01T00:00:00.1234567Z", "2026-01-01 00:00:00.123456+0000", True),
        ("2026-01-01T00:00Z", "2026-01-01T00:00:00.000001Z", False),
        ("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z", True),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z", False),
        (None, None, True),
        (1, "1", False),
    ],
)
def test_instants_are_compared_whatever_their_zone(one: Any, other: Any, is_same: bool) -> None:
    assert same(one, other) is is_same


def test_days_are_beijing_days() -> None:
    assert beijing_day("2026-01-01T15:59:59.999999Z") == "2026-01-01"
    assert beijing_day("2026-01-01T16:00:00Z") == "2026-01-02"
    assert micros("1970-01-01T00:00:01Z") == 1_000_000
    assert beijing_day("示例") is None


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "liandong", "record", "verify", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_answers_by_its_exit_code(exported: Exported, tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "none.zip"
    good.write_bytes(exported.content)
    bad.write_bytes(exported.content[:-1])
    none.write_bytes(b"")
    held = run(str(good), "--json", "--key", exported.public_key.upper())
    assert (held.returncode, json.loads(held.stdout)["ok"]) == (0, True), held.stderr
    found = run(str(bad), "--json")
    assert (found.returncode, json.loads(found.stdout)["findings"][0]["code"]) == (1, "archive.truncated")
    assert run(str(none)).returncode == 2
    assert "案卷完整" in run(str(good)).stdout
    assert "截断" in run(str(bad)).stdout
    assert run(str(tmp_path / "absent.zip")).returncode == 2
    assert run(str(good), "--key", "abc").returncode == 2
