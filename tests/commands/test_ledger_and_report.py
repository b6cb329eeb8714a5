"""The contract of the command line: what a script sees of imports and of the report, on a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.intake import made_city
from tests.intake.made_city import CITY
from tests.registers.sources.made import credit_code

REPORT = ["report", "efficiency", "--area", CITY, "--from", "2023-01-01", "--to", "2023-06-30"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder for all state; the embedded server starts and stops in it with each command."""
    folder = Path(tempfile.mkdtemp(prefix="liandong-commands-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """One `liandong` command, with nothing but its home to go by."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LIANDONG_")}
    env |= {"LIANDONG_HOME": str(home), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "liandong", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)


def test_a_ledger_goes_in_and_its_report_comes_out(home: Path, tmp_path: Path) -> None:
    city = made_city.make(21)
    made_city.write(city, tmp_path)
    loaded = run(home, "import", "ledger", tmp_path, "--json")
    assert loaded.returncode == 0, loaded.stderr
    files = json.loads(loaded.stdout)["files"]
    assert (files["inspections"]["created"], len(files["inspections"]["rejected"])) == (900, 2)

    shown = run(home, *REPORT, "--compare", "year", "--json")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert json.loads(shown.stdout) == made_city.expected(city, CITY, date(2023, 1, 1), date(2023, 6, 30))
    assert list(json.loads(shown.stdout)) == [
        "area", "from", "to", "site_visits", "officer_turnouts", "activity_index", "roster", "working_days",
        "campaigns", "draws",
    ]  # fmt: skip

    for_people = run(home, *REPORT)
    assert for_people.returncode == 0
    assert f"{json.loads(shown.stdout)['site_visits']['value']:,}" in for_people.stdout
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_register_goes_in_and_says_what_became_of_each_row(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "示例名录.csv"
    lines = ["标牌,代码", f"示例甲厂,{credit_code(901)}", "示例乙厂,-", "示例丙厂,12345"]
    file.write_bytes("\n".join(lines).encode("gb18030"))
    done = run(home, "import", "sources", file, "--map", "name=标牌", "--area", "131102", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["rows"], report["created"], report["updated"], report["unchanged"]) == (3, 2, 0, 0)
    assert report["repaired"] == [{"row": 3, "field": "uscc", "from": "-", "to": None}]
    assert [(one["row"], one["field"], one["value"]) for one in report["rejected"]] == [(4, "uscc", "12345")]
    again = json.loads(run(home, "import", "sources", file, "--map", "name=标牌", "--area", "131102", "--json").stdout)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["report", "efficiency", "--area", "990000", "--from", "2023-01-01", "--to", "2023-06-30"], 1, "990000"),
        (["report", "efficiency", "--area", CITY, "--from", "昨天", "--to", "2023-06-30"], 2, "昨天"),
        (["import", "sources", "没有.csv"], 2, "没有.csv"),
        (["import", "ledger", "没有"], 2, "没有"),
        (["import", "sources", "没有.csv", "--map", "name"], 2, "name"),
        (["report", "efficiency"], 2, "--area"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(home: Path, words: list[str], code: int, said: str) -> None:
    done = run(home, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
