"""The dictionary: every word that people see, by its identifier."""

from __future__ import annotations

from functools import cache

from liandong.kernel.errors import Broken
from liandong.kernel.paths import rulebook_folder
from liandong.registers.law.loader import read
from liandong.registers.law.shapes import Term


@cache
def terms() -> dict[str, Term]:
    """Every term by its id, in the file's order.

    Raises    law.rulebook_invalid: the file does not fit its shape, or an id is given twice
    """
    file = rulebook_folder() / "glossary.yaml"
    found: dict[str, Term] = {}
    for term in read(file, tuple[Term, ...]):
        if term.id in found:
            raise Broken("law.rulebook_invalid", file=file.name, reason=f"{term.id} is given twice")
        found[term.id] = term
    return found


def label(term_id: str, lang: str = "zh") -> str:
    """The word for people, in Chinese (`zh`) or English (`en`).

    Raises    law.term_unknown
    """
    term = terms().get(term_id)
    if term is None:
        raise Broken("law.term_unknown", key=term_id)
    return term.en if lang == "en" else term.zh


def labels(prefix: str, lang: str = "zh") -> dict[str, str]:
    """The labels of everything under a prefix, by the last part of the id: `labels("problem.state")` by state."""
    start = prefix + "."
    return {
        term_id.removeprefix(start): label(term_id, lang)
        for term_id in terms()
        if term_id.startswith(start) and "." not in term_id.removeprefix(start)
    }
