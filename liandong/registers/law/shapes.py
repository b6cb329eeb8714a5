"""The shapes of the rulebook's files. A file that does not fit is refused with the place where it does not.

The JSON Schemas under `rulebook/schema/` are generated from these types.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Status = Literal["confirmed", "unconfirmed"]
Element = Literal["air", "water", "noise", "solid_waste", "permit", "construction"]
Unit = Literal[
    "working_day",
    "calendar_day",
    "month",
    "year",
    "hour",
    "minute",
    "person",
    "metre",
    "kilometre",
    "percent",
    "yuan",
    "times",
    "ratio",
    "flag",
]
StatuteKind = Literal["law", "regulation", "party_regulation", "rule", "local_law", "notice", "practice"]
Text = Annotated[str, Meta(min_length=1)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
ListKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
StatuteKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
ProvisionKey = Annotated[str, Meta(pattern=r"^[a-z0-9]+(\.[a-z0-9]+)*$")]
BasisKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9.]+$")]
Bases = Annotated[tuple[BasisKey, ...], Meta(min_length=1)]
AreaPrefix = Annotated[str, Meta(pattern=r"^[0-9]{2,12}$")]


class Shape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every part of a file has in common: nothing unknown slips in."""


class Provision(Shape, frozen=True, kw_only=True):
    """A provision of a statute: how to cite it and, in our own words, what it says."""

    key: ProvisionKey
    cite: Text
    gist: Text


class Statute(Shape, frozen=True, kw_only=True):
    """One edition of a law. `doubted_from`: another law is said to replace it from that day."""

    key: StatuteKey
    title: Text
    short: Text
    kind: StatuteKind
    edition: Text
    valid_from: date
    valid_to: date | None = None
    status: Status
    source: Text
    replaces: StatuteKey | None = None
    doubted_from: date | None = None
    doubt: Text | None = None
    provisions: Annotated[tuple[Provision, ...], Meta(min_length=1)]


class RuleVersion(Shape, frozen=True, kw_only=True):
    """A rule's value on the days from `valid_from` to `valid_to`, both included."""

    value: int | float | Annotated[tuple[int | float, ...], Meta(min_length=1)]
    unit: Unit
    basis: Bases
    valid_from: date
    valid_to: date | None = None
    roll: Literal["none", "next_working_day"] = "none"
    status: Status
    source: Text
    note: Text | None = None


class RuleEntry(Shape, frozen=True, kw_only=True):
    """A rule and its versions."""

    key: Key
    title: Text
    en: Text
    kind: Literal["deadline", "safeguard", "parameter"]
    versions: Annotated[tuple[RuleVersion, ...], Meta(min_length=1)]


class RegionalRule(Shape, frozen=True, kw_only=True):
    """What a region has instead of the versions of a national rule."""

    key: Key
    versions: Annotated[tuple[RuleVersion, ...], Meta(min_length=1)]


class ProblemVersion(Shape, frozen=True, kw_only=True):
    """The duty that a problem violates and the liability; in force while all their statutes are."""

    violates: tuple[BasisKey, ...]
    punishes: tuple[BasisKey, ...]
    status: Status
    note: Text | None = None


class ProblemEntry(Shape, frozen=True, kw_only=True):
    """What a problem can rest on."""

    key: Key
    element: Element
    title: Text
    versions: Annotated[tuple[ProblemVersion, ...], Meta(min_length=1)]


class IndicatorEntry(Shape, frozen=True, kw_only=True):
    """A reported figure and the definition that makes it."""

    key: Key
    zh: Text
    en: Text
    definition: Text
    numerator: Text
    denominator: Text | None
    unit: Unit
    period: Text
    basis: Bases
    valid_from: date
    valid_to: date | None = None
    status: Status
    source: Text


class ItemEntry(Shape, frozen=True, kw_only=True):
    """One line of a checklist."""

    key: Key
    text: Text
    help: Text
    basis: Bases
    suggests_problem: Key


class ChecklistVersion(Shape, frozen=True, kw_only=True):
    """The items of a checklist from a day on."""

    version: Annotated[int, Meta(ge=1)]
    valid_from: date
    valid_to: date | None = None
    items: Annotated[tuple[ItemEntry, ...], Meta(min_length=1)]


EntryField = Literal["element", "severity", "description", "basis_key", "requirement", "rectify_by_on"]
Positive = Annotated[int, Meta(ge=1)]


class Filled(Shape, frozen=True, kw_only=True, tag_field="kind", tag="filled"):
    """Each of these fields holds something."""

    fields: Annotated[tuple[EntryField, ...], Meta(min_length=1)]


class Length(Shape, frozen=True, kw_only=True, tag_field="kind", tag="length"):
    """A field has at least so many characters, blanks not counted; what is missing is lost in proportion."""

    field: EntryField
    minimum: Positive


class Mentions(Shape, frozen=True, kw_only=True, tag_field="kind", tag="mentions"):
    """A field has one of the words, or something that fits one of the patterns."""

    field: EntryField
    words: Annotated[tuple[Text, ...], Meta(min_length=1)]
    patterns: tuple[Text, ...]


class Distinct(Shape, frozen=True, kw_only=True, tag_field="kind", tag="distinct"):
    """A field of `minimum` characters or more shares less than `percent` of its pairs of characters with other texts."""

    field: EntryField
    percent: Positive
    minimum: Positive


class Attached(Shape, frozen=True, kw_only=True, tag_field="kind", tag="attached"):
    """At least so many items of evidence hang from the problem; what is missing is lost in proportion."""

    minimum: Positive


class Purposeful(Shape, frozen=True, kw_only=True, tag_field="kind", tag="purposeful"):
    """Each item says what it proves: in so many characters, and not in one of the empty words."""

    minimum: Positive
    empty_words: tuple[Text, ...]


class Positioned(Shape, frozen=True, kw_only=True, tag_field="kind", tag="positioned"):
    """A position was recorded."""


class Near(Shape, frozen=True, kw_only=True, tag_field="kind", tag="near"):
    """The position lies no farther from the source than this, its own radius of doubt taken off."""

    metres: Positive


class InVisit(Shape, frozen=True, kw_only=True, tag_field="kind", tag="in_visit"):
    """Each item was taken between arrival and end, with so much grace before and after."""

    before_minutes: Annotated[int, Meta(ge=0)]
    after_minutes: Annotated[int, Meta(ge=0)]


EntryCheck = Filled | Length | Mentions | Distinct | Attached | Purposeful | Positioned | Near | InVisit


class EntryRule(Shape, frozen=True, kw_only=True):
    """What an entered problem is marked for: at most `weight` points are lost; `zh` and `en` say why."""

    key: Key
    field: Text
    weight: Positive
    check: EntryCheck
    zh: Text
    en: Text
    status: Status
    source: Text


class EntryVersion(Shape, frozen=True, kw_only=True):
    """The rules of entry quality from a day on; their weights add up to 100."""

    version: Annotated[int, Meta(ge=1)]
    valid_from: date
    valid_to: date | None = None
    rules: Annotated[tuple[EntryRule, ...], Meta(min_length=1)]


class EntryQualityFile(Shape, frozen=True, kw_only=True):
    """`national/entry_quality.yaml`."""

    versions: Annotated[tuple[EntryVersion, ...], Meta(min_length=1)]


class DeclaredYearEntry(Shape, frozen=True, kw_only=True):
    """A whole year that the base calendar lacks."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    rest_on: tuple[date, ...]
    work_on: tuple[date, ...]
    source: Text


class OverrideEntry(Shape, frozen=True, kw_only=True):
    """A single day that differs from the base calendar."""

    date: date
    works: bool
    reason: Text
    source: Text


class StatutesFile(Shape, frozen=True, kw_only=True):
    """`national/statutes.yaml`."""

    statutes: tuple[Statute, ...]


class RulesFile(Shape, frozen=True, kw_only=True):
    """`national/deadlines.yaml`, `safeguards.yaml`, `parameters.yaml`."""

    rules: tuple[RuleEntry, ...]


class ProblemBasesFile(Shape, frozen=True, kw_only=True):
    """`national/problem_bases.yaml`."""

    problem_bases: tuple[ProblemEntry, ...]


class IndicatorsFile(Shape, frozen=True, kw_only=True):
    """`national/indicators.yaml`."""

    indicators: tuple[IndicatorEntry, ...]


class CalendarFile(Shape, frozen=True, kw_only=True):
    """`national/calendar.yaml`."""

    years: tuple[DeclaredYearEntry, ...]
    overrides: tuple[OverrideEntry, ...]


class Offer(Shape, frozen=True, kw_only=True):
    """For whom a checklist is offered: whoever fits every facet that is named, by one of the values named in it.

    `elements` are those that the source emits or that the visit is about; `industries` are prefixes of a GB/T 4754
    code; `object_kinds` are the kinds of object in the glossary.
    """

    elements: tuple[Element, ...] = ()
    industries: tuple[Annotated[str, Meta(pattern=r"^[0-9]{1,4}$")], ...] = ()
    object_kinds: tuple[Text, ...] = ()


class ChecklistFile(Shape, frozen=True, kw_only=True):
    """`checklists/*.yaml`: one kind of source or matter. `element` is the one that most of its items are about."""

    key: ListKey
    element: Element
    title: Text
    offered: Annotated[tuple[Offer, ...], Meta(min_length=1)]
    versions: Annotated[tuple[ChecklistVersion, ...], Meta(min_length=1)]


class RegionFile(Shape, frozen=True, kw_only=True):
    """`regions/*/*.yaml`: what differs in the areas whose code begins with `area`."""

    area: AreaPrefix
    name: Text
    statutes: tuple[Statute, ...] = ()
    rules: tuple[RegionalRule, ...] = ()
    problem_bases: tuple[ProblemEntry, ...] = ()


class Term(Shape, frozen=True, kw_only=True):
    """A word of the field, or the label of a state, kind, role, fact or table."""

    id: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$")]
    zh: Text
    en: Text
    meaning: Text
    source: Text
    not_: Annotated[tuple[Text, ...], Meta(min_length=1)] | None = field(default=None, name="not")


class ErrorWords(Shape, frozen=True, kw_only=True):
    """The words of an error code."""

    zh: Text
    en: Text
    family: Literal["refused", "invalid", "broken"]
    status: Annotated[int, Meta(ge=400, le=599)]
    retired: bool = False
