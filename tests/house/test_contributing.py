"""CONTRIBUTING.md names real places: what it sends people to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TASKS = ("Add a field", "Add a verb", "Add a fact", "Add a rule", "Add a wire", "Open a room")


def places() -> list[str]:
    """Every path the guide names, once, with a room standing for `<floor>/<room>`."""
    quoted = re.findall(r"`([\w./<>-]+)`", GUIDE)
    return sorted({name for name in quoted if "/" in name and "<protocol>" not in name})


@pytest.mark.parametrize("place", places())
def test_the_place_exists(place: str) -> None:
    real = place.replace("<floor>/<room>", "work/problems")
    assert (ROOT / real).exists()


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_a_numbered_list(task: str) -> None:
    section = GUIDE.split(f"## {task}\n", 1)[1].split("\n## ", 1)[0]
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) > 2
