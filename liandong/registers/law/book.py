"""The rulebook in memory: everything its files hold, by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from liandong.registers.law.field_shapes import NoticeFile, QuestionsFile
from liandong.registers.law.shapes import (
    CalendarFile,
    ChecklistFile,
    EntryQualityFile,
    IndicatorEntry,
    ProblemEntry,
    ProblemVersion,
    Provision,
    RuleEntry,
    RuleVersion,
    Statute,
)
from liandong.registers.law.sharing_shapes import SharingFile
from liandong.registers.law.site_shapes import SiteRecordsFile

Span = tuple[date, date | None]


@dataclass(frozen=True)
class Rulebook:
    """Everything the files hold, by key. Regional parts are by area prefix."""

    statutes: dict[str, Statute]
    rules: dict[str, RuleEntry]
    problems: dict[str, ProblemEntry]
    indicators: dict[str, IndicatorEntry]
    checklists: dict[str, ChecklistFile]
    calendar: CalendarFile
    entry_quality: EntryQualityFile
    site_records: SiteRecordsFile
    visit_notice: NoticeFile
    interview_questions: QuestionsFile
    sharing: SharingFile
    regional_rules: dict[str, dict[str, tuple[RuleVersion, ...]]] = field(default_factory=dict)
    regional_problems: dict[str, dict[str, ProblemEntry]] = field(default_factory=dict)

    def provision(self, basis_key: str) -> tuple[Statute, Provision]:
        """The statute and the provision that a basis key names.

        Raises    KeyError
        """
        return self._provisions[basis_key]

    def cite(self, basis_key: str) -> str:
        """A provision as people cite it, e.g. 《行政处罚法》第八十五条; a practice stands without title marks."""
        statute, provision = self.provision(basis_key)
        title = statute.short if statute.kind == "practice" else f"《{statute.short}》"
        return f"{title}{provision.cite}"

    @cached_property
    def _provisions(self) -> dict[str, tuple[Statute, Provision]]:
        return {
            f"{statute.key}.{one.key}": (statute, one)
            for statute in self.statutes.values()
            for one in statute.provisions
        }

    def span(self, version: ProblemVersion) -> Span:
        """The days on which all statutes of a problem's version are in force."""
        statutes = [self.provision(key)[0] for key in version.violates + version.punishes]
        ends = [statute.valid_to for statute in statutes if statute.valid_to]
        return max(statute.valid_from for statute in statutes), min(ends) if ends else None
