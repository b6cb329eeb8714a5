"""法规 law — what the law says on a day in a place, and how sure that is; and the words of the field.

Holds      nothing: it reads `rulebook/`
States     –
Announces  –
Verbs      –
Basis      行政处罚法 §37 (从旧兼从轻), §85 (工作日); 行政强制法 §69
Looks back –
"""

from liandong.registers.law.answers import (
    Basis,
    Checklist,
    ChecklistItem,
    Deadline,
    ProblemBasis,
    Rule,
    stamp,
)
from liandong.registers.law.checklists import SourceFacts, checklist, checklist_item, checklists, checklists_for
from liandong.registers.law.deadlines import calendar, deadline, latest_day_before
from liandong.registers.law.entry_quality import as_json as entry_rules_json
from liandong.registers.law.entry_quality import entry_rules
from liandong.registers.law.glossary import label, labels
from liandong.registers.law.on_site import Notice, interview_questions, visit_notice
from liandong.registers.law.queries import (
    indicator,
    indicators,
    problem_bases,
    problem_basis,
    rule,
)
from liandong.registers.law.sharing import Sharing, sharing
from liandong.registers.law.site_records import (
    evidence_kind,
    kind_of_media,
    sampled_medium,
    site_rules,
    site_rules_json,
)
from liandong.registers.law.texts import provision_texts

__all__ = [
    "Basis",
    "Checklist",
    "ChecklistItem",
    "Deadline",
    "Notice",
    "ProblemBasis",
    "Rule",
    "Sharing",
    "SourceFacts",
    "calendar",
    "checklist",
    "checklist_item",
    "checklists",
    "checklists_for",
    "deadline",
    "entry_rules",
    "entry_rules_json",
    "evidence_kind",
    "indicator",
    "indicators",
    "interview_questions",
    "kind_of_media",
    "label",
    "labels",
    "latest_day_before",
    "problem_bases",
    "problem_basis",
    "provision_texts",
    "rule",
    "sampled_medium",
    "sharing",
    "site_rules",
    "site_rules_json",
    "stamp",
    "visit_notice",
]
