"""The shape of `national/site_records.yaml`: what may be recorded on site, and within which limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from liandong.registers.law.shapes import ListKey, Positive, Shape, Status, Text

Some = Annotated[tuple[Text, ...], Meta(min_length=1)]


class EvidenceKind(Shape, frozen=True, kw_only=True):
    """A kind of evidence: which files it takes, how large, and how long where it runs."""

    key: ListKey
    media_types: Some
    most_bytes: Positive
    most_seconds: Positive | None = None
    status: Status
    source: Text


class Choice(Shape, frozen=True, kw_only=True):
    """Something to choose on site: what a photo proves, or a stamp of a sketch."""

    key: ListKey
    zh: Text
    en: Text


class SampledMedium(Shape, frozen=True, kw_only=True):
    """What is sampled, and the standard that is commonly cited for it."""

    key: ListKey
    zh: Text
    en: Text
    standard: Text
    status: Status
    source: Text


class SamplingField(Shape, frozen=True, kw_only=True):
    """A field of the sampling record; its choices are offered, other words are taken too."""

    key: ListKey
    zh: Text
    en: Text
    is_required: bool
    choices: tuple[Text, ...]


class SiteVersion(Shape, frozen=True, kw_only=True):
    """What is recorded on site from a day on."""

    version: Annotated[int, Meta(ge=1)]
    valid_from: date
    valid_to: date | None = None
    kinds: Annotated[tuple[EvidenceKind, ...], Meta(min_length=1)]
    purposes: Annotated[tuple[Choice, ...], Meta(min_length=1)]
    stamps: Annotated[tuple[Choice, ...], Meta(min_length=1)]
    media: Annotated[tuple[SampledMedium, ...], Meta(min_length=1)]
    sampling_fields: Annotated[tuple[SamplingField, ...], Meta(min_length=1)]


class SiteRecordsFile(Shape, frozen=True, kw_only=True):
    """`national/site_records.yaml`."""

    versions: Annotated[tuple[SiteVersion, ...], Meta(min_length=1)]
