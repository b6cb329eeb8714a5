"""Wire shapes of the page behind a scanned code. What is not named here does not leave the house."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel


class OfficerShown(BaseModel):
    """An officer who comes, as the certificate has him. `number_masked`: only the ends of the number are shown."""

    name: str
    agency: str
    certificate: str | None
    number_masked: bool
    valid_from_on: date | None
    valid_to_on: date | None
    is_valid: bool
    is_holder: bool


class LineOut(BaseModel):
    """A right, a duty or a hint in both languages, and the provisions it rests on."""

    zh: str
    en: str
    cite: str


class ChannelOut(BaseModel):
    """Where one can ask or complain."""

    zh: str
    en: str
    value: str


class NoticeOut(BaseModel):
    """Rights, duties, how to check and where to complain."""

    status: str
    source: str
    rights: list[LineOut]
    duties: list[LineOut]
    checks: list[LineOut]
    channels: list[ChannelOut]


class PaperOut(BaseModel):
    """A paper of the visit: ready to be fetched, or why not."""

    name: str
    title_zh: str
    title_en: str
    state: Literal["ready", "not_yet", "not_signed"]


class VisitShown(BaseModel):
    """Who comes, from where, why, when, and what the party may and must do. `kind` None: not told."""

    party: str | None
    task_number: str
    kind: str | None
    mode: str
    matters: list[str]
    legal_basis: list[str]
    state: Literal["announced", "on_site", "over"]
    arrived_at: datetime | None
    ended_at: datetime | None
    agencies: list[str]
    officers: list[OfficerShown]
    notice: NoticeOut
    papers: list[PaperOut]
    expires_at: datetime
