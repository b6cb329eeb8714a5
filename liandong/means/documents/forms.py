"""The forms of this installation: the bureau's own where it has put one, otherwise those of the rulebook."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from liandong.kernel.errors import Broken
from liandong.kernel.paths import rulebook_folder
from liandong.kernel.settings import settings
from liandong.means.documents.shapes import Form, FormVersion, Question, Style
from liandong.registers.law.loader import read


def shipped_folder() -> Path:
    """Where the forms lie that come with the system."""
    return rulebook_folder() / "documents"


def form_file(name: str) -> Path:
    """The file of this name: the bureau's in `documents` under the installation's home, else the one that is shipped."""
    own = settings().home_folder / "documents" / name
    return own if own.is_file() else shipped_folder() / name


def find_form(key: str, on: date) -> tuple[Form, FormVersion]:
    """The form with this key and its version on a day. An edited file counts from the next paper on.

    Raises    documents.form_missing, law.rulebook_invalid
    """
    file = form_file(f"{key}.yaml")
    form = _read(file, file.stat().st_mtime_ns) if file.is_file() else None
    for version in form.versions if form else ():
        if version.valid_from <= on and (version.valid_to is None or on <= version.valid_to):
            assert form
            return form, version
    raise Broken("documents.form_missing", key=key, on=on)


def asked_by(key: str, on: date) -> list[str]:
    """What a form itself asks or tells whoever it is about, in its order, as it is on a day.

    Raises    documents.form_missing, law.rulebook_invalid
    """
    _, version = find_form(key, on)
    return [block.asked for block in version.blocks if isinstance(block, Question)]


def style() -> Style:
    """Which font families are wanted, best first.

    Raises    law.rulebook_invalid
    """
    return read(form_file("style.yaml"), Style)


def layout() -> bytes:
    """The typst source that sets every paper."""
    return form_file("layout.typ").read_bytes()


@lru_cache(maxsize=200)
def _read(file: Path, changed_ns: int) -> Form:
    return read(file, Form)
