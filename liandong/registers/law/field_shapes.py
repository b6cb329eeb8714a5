"""The shapes of what officers say on site: the notice to the visited enterprise, and the questions of an interview."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from liandong.registers.law.shapes import Bases, BasisKey, Element, ListKey, Shape, Status, Text


class NoticeLine(Shape, frozen=True, kw_only=True):
    """One right, duty or hint, in our own words, and what it rests on."""

    zh: Text
    en: Text
    basis: tuple[BasisKey, ...] = ()


class Channel(Shape, frozen=True, kw_only=True):
    """Where one can ask or complain."""

    zh: Text
    en: Text
    value: Text


class NoticeVersion(Shape, frozen=True, kw_only=True):
    """The notice on the days from `valid_from` to `valid_to`, both included."""

    version: int
    valid_from: date
    valid_to: date | None = None
    status: Status
    source: Text
    basis: Bases
    rights: Annotated[tuple[NoticeLine, ...], Meta(min_length=1)]
    duties: Annotated[tuple[NoticeLine, ...], Meta(min_length=1)]
    checks: Annotated[tuple[NoticeLine, ...], Meta(min_length=1)]
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)]


class NoticeFile(Shape, frozen=True, kw_only=True):
    """`national/visit_notice.yaml`."""

    versions: Annotated[tuple[NoticeVersion, ...], Meta(min_length=1)]


class QuestionEntry(Shape, frozen=True, kw_only=True):
    """A ready-made question; without `elements` everybody is asked."""

    key: ListKey
    topic: Text
    text: Text
    elements: tuple[Element, ...] = ()


class QuestionsVersion(Shape, frozen=True, kw_only=True):
    """The questions on the days from `valid_from` to `valid_to`, both included."""

    version: int
    valid_from: date
    valid_to: date | None = None
    status: Status
    source: Text
    questions: Annotated[tuple[QuestionEntry, ...], Meta(min_length=1)]


class QuestionsFile(Shape, frozen=True, kw_only=True):
    """`national/interview_questions.yaml`."""

    versions: Annotated[tuple[QuestionsVersion, ...], Meta(min_length=1)]
