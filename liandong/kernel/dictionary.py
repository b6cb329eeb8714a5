"""Words for people by identifier, as `rulebook/glossary.yaml` has them: for sentences that name a state or a verb."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import yaml

from liandong.kernel.clock import BEIJING
from liandong.kernel.paths import rulebook_folder


class Word(str):
    """An identifier of the dictionary that stands in a sentence until the sentence's language is known."""

    __slots__ = ()


@cache
def _words() -> dict[str, tuple[str, str]]:
    with (rulebook_folder() / "glossary.yaml").open(encoding="utf-8") as file:
        terms = yaml.load(file, Loader=yaml.CSafeLoader)
    return {term["id"]: (term["zh"], term["en"]) for term in terms}


def in_words(value: object, language: str) -> object:
    """`value` as it stands in a sentence: a `Word` in the language (itself if it has none), an instant as the clock in
    Beijing shows it, all else unchanged."""
    if isinstance(value, datetime):
        return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    if not isinstance(value, Word):
        return value
    chinese, english = _words().get(value, (str(value), str(value)))
    return english if language == "en" else chinese
