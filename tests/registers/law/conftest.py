"""What the tests of the law room share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from liandong.kernel.paths import rulebook_folder


@pytest.fixture
def bent_rulebook(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the rulebook in which one piece of one file was replaced; the piece must be there."""

    def bend(file: str, piece: str, by: str) -> Path:
        folder = tmp_path / "rulebook"
        shutil.copytree(rulebook_folder(), folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert piece in text
        (folder / file).write_text(text.replace(piece, by, 1), encoding="utf-8")
        return folder

    return bend
