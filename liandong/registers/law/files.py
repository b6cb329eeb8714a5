"""Every kind of file of the rulebook and its shape."""

from __future__ import annotations

from liandong.registers.law.field_shapes import NoticeFile, QuestionsFile
from liandong.registers.law.shapes import (
    CalendarFile,
    ChecklistFile,
    EntryQualityFile,
    ErrorWords,
    IndicatorsFile,
    ProblemBasesFile,
    RegionFile,
    RulesFile,
    StatutesFile,
    Term,
)
from liandong.registers.law.sharing_shapes import SharingFile
from liandong.registers.law.site_shapes import SiteRecordsFile

FILES: dict[str, type] = {
    "statutes": StatutesFile,
    "rules": RulesFile,
    "problem_bases": ProblemBasesFile,
    "indicators": IndicatorsFile,
    "calendar": CalendarFile,
    "checklist": ChecklistFile,
    "entry_quality": EntryQualityFile,
    "site_records": SiteRecordsFile,
    "visit_notice": NoticeFile,
    "interview_questions": QuestionsFile,
    "sharing": SharingFile,
    "region": RegionFile,
    "glossary": tuple[Term, ...],
    "errors": dict[str, ErrorWords],
}
"""Every kind of file by the name of its schema."""
