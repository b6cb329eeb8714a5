"""What the rulebook says about reading a register of sources: fields, headers and spellings."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from liandong.kernel.columns import Field, fields_of, plain_header
from liandong.kernel.paths import rulebook_folder

ELEMENT_ORDER = ("air", "water", "noise", "solid_waste", "permit", "construction")


@cache
def page() -> dict[str, Any]:
    """The page `imports/sources.yaml` of the rulebook."""
    with (rulebook_folder() / "imports" / "sources.yaml").open(encoding="utf-8") as file:
        return dict(yaml.load(file, Loader=yaml.CSafeLoader))


@cache
def fields() -> tuple[Field, ...]:
    """The fields of a source that a column may hold."""
    return fields_of(page()["fields"])


@cache
def _spellings(name: str) -> dict[str, str]:
    values: dict[str, list[str]] = page()["values"][name]
    return {plain_header(word): key for key, words in values.items() for word in (key, *words)}


def choice(name: str, text: str) -> str | None:
    """The identifier that a text means in a vocabulary such as `permit_class`, or None."""
    return _spellings(name).get(plain_header(text))
