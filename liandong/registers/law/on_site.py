"""What is said on site: the notice to the visited enterprise, and the questions of an interview, by day and matter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from liandong.registers.law.answers import Basis
from liandong.registers.law.field_shapes import NoticeVersion, QuestionEntry
from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import bases, require_in_force


@dataclass(frozen=True)
class Notice:
    """The notice in force on a day, its own bases and those of each line resolved: see `cite`."""

    version: NoticeVersion
    basis: tuple[Basis, ...]

    def cite(self, keys: Collection[str]) -> str:
        """The provisions as people cite them."""
        return "、".join(rulebook().cite(key) for key in keys)


def visit_notice(*, on: date) -> Notice:
    """What the visited enterprise is told on a day.

    Raises    law.rule_not_in_force
    Basis     行政处罚法 §55
    """
    version = require_in_force(rulebook().visit_notice.versions, "visit_notice", on)
    return Notice(version, bases(rulebook(), version.basis))


def interview_questions(matters: Collection[str], *, on: date) -> list[QuestionEntry]:
    """The ready-made questions for these matters; without any, all of them.

    Raises    law.rule_not_in_force
    """
    version = require_in_force(rulebook().interview_questions.versions, "interview_questions", on)
    return [one for one in version.questions if not matters or not one.elements or set(one.elements) & set(matters)]
