"""The shape of `rulebook/national/sharing.yaml`: what an ally is shown of what is shared."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from liandong.registers.law.shapes import Bases, ListKey, Positive, Shape, Status, Text

Digits = Annotated[int, Meta(ge=0, le=6)]


class Plain(Shape, frozen=True, kw_only=True, tag_field="kind", tag="plain"):
    """As it is on record."""


class Organisation(Shape, frozen=True, kw_only=True, tag_field="kind", tag="organisation"):
    """A name: as it is where it is an organisation's, else its first character.

    Of a credit code (GB 32100-2015) whose first characters are among `individual_prefixes` the holder is an individual
    business; without a code only a name with one of the `words` is an organisation's.
    """

    individual_prefixes: tuple[Text, ...]
    words: Annotated[tuple[Text, ...], Meta(min_length=1)]


class Ends(Shape, frozen=True, kw_only=True, tag_field="kind", tag="ends"):
    """A code: its first and last characters."""

    first: Positive
    last: Positive


class Rounded(Shape, frozen=True, kw_only=True, tag_field="kind", tag="rounded"):
    """A number, to so many decimals."""

    decimals: Digits


Mask = Plain | Organisation | Ends | Rounded


class SharedField(Shape, frozen=True, kw_only=True):
    """A field of a sheet, and how an ally is shown it."""

    field: ListKey
    mask: Mask


class SharedSheet(Shape, frozen=True, kw_only=True):
    """The fields of a sheet that allies are shown; any other is not."""

    key: ListKey
    fields: Annotated[tuple[SharedField, ...], Meta(min_length=1)]


class SharingVersion(Shape, frozen=True, kw_only=True):
    """What is shown from a day on."""

    version: Annotated[int, Meta(ge=1)]
    valid_from: date
    valid_to: date | None = None
    status: Status
    basis: Bases
    source: Text
    sheets: Annotated[tuple[SharedSheet, ...], Meta(min_length=1)]


class SharingFile(Shape, frozen=True, kw_only=True):
    """`national/sharing.yaml`."""

    versions: Annotated[tuple[SharingVersion, ...], Meta(min_length=1)]
