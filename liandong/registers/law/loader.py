"""Reads the rulebook: every file checked against its shape, every reference against what it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from liandong.kernel.errors import Broken
from liandong.kernel.paths import rulebook_folder
from liandong.registers.law.book import Rulebook
from liandong.registers.law.faults import find_faults
from liandong.registers.law.field_shapes import NoticeFile, QuestionsFile
from liandong.registers.law.shapes import (
    CalendarFile,
    ChecklistFile,
    EntryQualityFile,
    IndicatorsFile,
    ProblemBasesFile,
    RegionFile,
    RulesFile,
    StatutesFile,
)
from liandong.registers.law.sharing_shapes import SharingFile
from liandong.registers.law.site_shapes import SiteRecordsFile

T = TypeVar("T")
RULE_FILES = ("deadlines", "safeguards", "parameters")


@cache
def rulebook() -> Rulebook:
    """The rulebook of this installation, read and checked once.

    Raises    law.rulebook_invalid
    """
    return load(rulebook_folder())


def load(folder: Path) -> Rulebook:
    """The rulebook in `folder`.

    Raises    law.rulebook_invalid: the first file that does not fit, or every reference that leads nowhere
    """
    national = folder / "national"
    regions = [read(file, RegionFile) for file in sorted((folder / "regions").glob("*/*.yaml"))]
    book = Rulebook(
        statutes=_by_key(
            [
                *read(national / "statutes.yaml", StatutesFile).statutes,
                *(statute for region in regions for statute in region.statutes),
            ],
        ),
        rules=_by_key([rule for name in RULE_FILES for rule in read(national / f"{name}.yaml", RulesFile).rules]),
        problems=_by_key(read(national / "problem_bases.yaml", ProblemBasesFile).problem_bases),
        indicators=_by_key(read(national / "indicators.yaml", IndicatorsFile).indicators),
        checklists=_checklists(folder),
        calendar=read(national / "calendar.yaml", CalendarFile),
        entry_quality=read(national / "entry_quality.yaml", EntryQualityFile),
        site_records=read(national / "site_records.yaml", SiteRecordsFile),
        visit_notice=read(national / "visit_notice.yaml", NoticeFile),
        interview_questions=read(national / "interview_questions.yaml", QuestionsFile),
        sharing=read(national / "sharing.yaml", SharingFile),
    )
    for region in regions:
        book.regional_rules.setdefault(region.area, {}).update({rule.key: rule.versions for rule in region.rules})
        book.regional_problems.setdefault(region.area, {}).update({one.key: one for one in region.problem_bases})
    faults = sorted(set(find_faults(book)))
    if faults:
        raise Broken("law.rulebook_invalid", file=str(folder), reason="; ".join(faults))
    return book


def read(file: Path, shape: type[T]) -> T:
    """A file as its shape.

    Raises    law.rulebook_invalid with the place in the file that does not fit
    """
    return as_shape(parse(file), shape, file)


def parse(file: Path) -> Any:
    """A YAML file as plain data.

    Raises    law.rulebook_invalid
    """
    try:
        with file.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as fault:
        raise Broken("law.rulebook_invalid", file=file.name, reason=str(fault)) from fault


def as_shape(content: Any, shape: type[T], file: Path) -> T:
    """Plain data as its shape.

    Raises    law.rulebook_invalid
    """
    try:
        return msgspec.convert(content, shape, builtin_types=(date,))
    except msgspec.ValidationError as fault:
        raise Broken("law.rulebook_invalid", file=file.name, reason=str(fault)) from fault


def _checklists(folder: Path) -> dict[str, ChecklistFile]:
    files = [read(file, ChecklistFile) for file in sorted((folder / "checklists").glob("*.yaml"))]
    return _by_key(files)


def _by_key(entries: Iterable[Any]) -> dict[str, Any]:
    """Entries by key.

    Raises    law.rulebook_invalid if a key is given twice
    """
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.key in found:
            raise Broken("law.rulebook_invalid", file="rulebook", reason=f"{entry.key} is given twice")
        found[entry.key] = entry
    return found
