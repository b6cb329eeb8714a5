"""Fifty kills of everything: nothing is lost, nothing is doubled, and every receipt is true."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.field import carry_out
from tests.chaos.plan import Officer, Plan

SEED, KILLS = 20, 50
OFFICERS = (Officer("1", "示例林"), Officer("2", "示例罗"))


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="liandong-chaos-"))
    made.chmod(0o755)  # PostgreSQL may run as somebody else
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    plans = [Plan(seed, OFFICERS, KILLS) for seed in (SEED, SEED, SEED + 1)]
    assert plans[0].visits == plans[1].visits != plans[2].visits
    assert [plan.by_kind.total() for plan in plans] == [KILLS] * 3
    pictures = [[act.picture.sha256 for visit in plan.visits for act in visit.acts if act.picture] for plan in plans]
    assert pictures[0] == pictures[1]
    assert len(set(pictures[0])) == len(pictures[0])  # a photo that is lost cannot hide behind another


async def test_nothing_is_lost_or_doubled_while_everything_is_killed(folder: Path) -> None:
    outcome = await carry_out(folder, SEED, KILLS)
    assert outcome.findings == [], outcome.figures
    assert outcome.run.struck.total() == KILLS
    assert len(outcome.run.struck) >= 8, "too few kinds of kills"
    assert len(outcome.books.kept) == len(outcome.books.told) > KILLS
    assert outcome.figures["receipts"]["repeated"] > 0, "no answer was ever lost"
