"""The shapes of a form: what a file in `rulebook/documents/` may say.

In every text `{name}` is replaced by the fact of that name. A block with `of` repeats for each entry of a list of
facts; `{n}` counts them, and `where` keeps those entries whose fact is one of the named values.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from liandong.registers.law.shapes import ListKey, Shape, Status, Text


class Field(Shape, frozen=True, kw_only=True):
    """A label and what stands behind it. Two halves that follow each other share a line."""

    label: Text
    value: Text
    half: bool = False


class Column(Shape, frozen=True, kw_only=True):
    """A column of a table; `width` is its share of the line."""

    head: Text
    value: Text
    width: Annotated[float, Meta(gt=0)] = 1


class Block(Shape, frozen=True, kw_only=True, tag_field="block"):
    """A part of a paper."""


class Heading(Block, frozen=True, kw_only=True, tag="heading"):
    """A heading inside the paper."""

    text: Text


class Words(Block, frozen=True, kw_only=True, tag="text"):
    """A paragraph; what is filled in is underlined."""

    text: Text


class Repeated(Block, frozen=True, kw_only=True):
    """A part that is made from a list of facts; `none` stands in its place when the list is empty."""

    of: ListKey
    where: dict[ListKey, tuple[Text, ...]] = field(default_factory=dict)
    none: Text | None = None


class Fields(Repeated, frozen=True, kw_only=True, tag="fields"):
    """Labels with their values: once, or once for each entry of `of`."""

    of: ListKey | None = None  # type: ignore[assignment]
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]


class Listed(Repeated, frozen=True, kw_only=True, tag="list"):
    """A paragraph for each entry."""

    item: Text


class Table(Repeated, frozen=True, kw_only=True, tag="table"):
    """A row for each entry; the head is repeated on every page."""

    columns: Annotated[tuple[Column, ...], Meta(min_length=1)]


class Talk(Repeated, frozen=True, kw_only=True, tag="talk"):
    """问 and 答 for each entry."""

    asked: Text
    answered: Text


class Question(Block, frozen=True, kw_only=True, tag="question"):
    """One 问 that the form itself asks, and its 答."""

    asked: Text
    answered: Text


class FormVersion(Shape, frozen=True, kw_only=True):
    """A form as it is in use on the days from `valid_from` to `valid_to`, both included."""

    version: int
    valid_from: date
    valid_to: date | None = None
    status: Status
    source: Text
    note: Text | None = None
    blocks: Annotated[
        tuple[Heading | Words | Fields | Listed | Table | Talk | Question, ...],
        Meta(min_length=1),
    ]


class Form(Shape, frozen=True, kw_only=True):
    """A form (文书格式) in all its versions."""

    key: ListKey
    title: Text
    versions: Annotated[tuple[FormVersion, ...], Meta(min_length=1)]


class Style(Shape, frozen=True, kw_only=True):
    """Font families by preference, for running text and for headings."""

    body: Annotated[tuple[Text, ...], Meta(min_length=1)]
    heading: Annotated[tuple[Text, ...], Meta(min_length=1)]
