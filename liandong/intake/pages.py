"""What the rulebook says about reading a ledger: which file is which, its headers, and the spellings of values."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from liandong.kernel.columns import Field, fields_of, plain_header
from liandong.kernel.paths import rulebook_folder

KINDS = ("sources", "officers", "inspections", "problems", "campaign_targets", "draws")


@cache
def page() -> dict[str, Any]:
    """The page `imports/ledger.yaml` of the rulebook."""
    with (rulebook_folder() / "imports" / "ledger.yaml").open(encoding="utf-8") as file:
        return dict(yaml.load(file, Loader=yaml.CSafeLoader))


@cache
def fields(kind: str) -> tuple[Field, ...]:
    """The fields that the columns of one kind of file may hold."""
    return fields_of(page()["files"][kind]["fields"])


def kind_of(stem: str) -> str | None:
    """Which kind of file a file name (without its endings) stands for, by the longest known beginning."""
    plain = stem.casefold().replace(" ", "")
    known = [(len(name), kind) for kind in KINDS for name in page()["files"][kind]["names"] if plain.startswith(name)]
    return max(known)[1] if known else None


@cache
def choice(name: str, text: str) -> str | None:
    """The identifier that a text means in a vocabulary such as `kind`, or None."""
    for key, words in page()["values"][name].items():
        if plain_header(text) in (plain_header(word) for word in (key, *words)):
            return str(key)
    return None
