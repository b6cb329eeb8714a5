"""What is taken in from files: registers from a spreadsheet, and the raw outbox of a phone."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field, Json

from liandong.kernel.columns import choose_mapping, find_table
from liandong.kernel.errors import Invalid
from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.kernel.sheets import Sheet, read_sheets
from liandong.registers.access import gate
from liandong.registers.access.door import Signed
from liandong.registers.sources import vocabulary
from liandong.registers.sources.actions import import_sources
from liandong.wires.phone.take_in import log_import, take_in_outbox

router = APIRouter(prefix="/imports", tags=["imports"], responses=ERRORS)
SAMPLE_ROWS = 8
Upload = Annotated[UploadFile, File(description="XLSX, or CSV in UTF-8 or GB18030")]


class FieldOut(BaseModel):
    """A field that a column may hold."""

    field: str
    zh: str
    required: bool


class ImportPreview(BaseModel):
    """What a spreadsheet would be read as: its columns, the guessed mapping, and its first rows."""

    columns: list[str]
    mapping: dict[str, str | None]
    fields: list[FieldOut]
    sample: list[list[str]]
    encoding: str | None
    rows: int


class RepairedOut(BaseModel):
    """A value that was changed so that it can be used."""

    model_config = ConfigDict(populate_by_name=True)

    row: int
    field: str
    before: str | None = Field(alias="from")
    after: str | float | None = Field(alias="to")


class RejectedOut(BaseModel):
    """A row that cannot be used."""

    row: int
    field: str
    value: str | None
    reason: str


class NoteOut(BaseModel):
    """Something to know about a row that was taken, or about many (`row` is null)."""

    row: int | None
    field: str
    value: str | int | None
    reason: str


class ImportReportOut(BaseModel):
    """What became of the rows: `rows = created + updated + unchanged + len(rejected)`."""

    rows: int
    created: int
    updated: int
    unchanged: int
    repaired: list[RepairedOut]
    rejected: list[RejectedOut]
    notes: list[NoteOut]
    mapping: dict[str, str | None]


@router.post("/sources/preview")
async def preview_sources(signed: Signed, file: Upload) -> ImportPreview:
    """What a register would be read as. Nothing is written."""
    gate.may(signed.actor, "sources:import")
    table = find_table(await _sheets(file), vocabulary.fields())
    return ImportPreview(
        columns=table.columns,
        mapping=choose_mapping(table, vocabulary.fields(), {}),
        fields=[FieldOut(field=one.id, zh=one.zh, required=one.is_required) for one in vocabulary.fields()],
        sample=[list(row.cells) for row in table.rows[:SAMPLE_ROWS]],
        encoding=table.sheet.encoding,
        rows=len(table.rows),
    )


@router.post("/sources")
async def take_in_sources(
    signed: Signed, file: Upload, mapping: Annotated[Json[dict[str, str | None]] | None, Form()] = None
) -> ImportReportOut:
    """Take in a register: `mapping` puts the user's columns before the guessed ones.

    A row that does not say where its source lies belongs to the actor's own area; one that lies outside the actor's
    areas is rejected.
    """
    gate.may(signed.actor, "sources:import")
    report = await import_sources(
        signed.session,
        await _sheets(file),
        title=file.filename or "",
        mapping=mapping,
        default_area=signed.actor.home_area,
        within=signed.actor.areas,
    )
    body: dict[str, Any] = report.body()
    return ImportReportOut.model_validate(body)


class DeedLineOut(BaseModel):
    """What became of one deed of an outbox: accepted, already_there, refused, conflict, waiting or set_aside."""

    model_config = ConfigDict(from_attributes=True)

    deed_id: str
    kind: str
    task_id: str
    happened_at: str
    outcome: str
    problem: dict[str, Any] | None


class DamageOut(BaseModel):
    """Something in the file that does not stand as it was written."""

    what: str
    code: str
    title: str
    title_en: str


class OutboxReportOut(BaseModel):
    """What became of a phone's outbox. Shape of `counts`: `{outcome: how many deeds}` and `damaged`."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    exported_at: str | None
    device_id: str | None
    files: int
    counts: dict[str, int]
    deeds: list[DeedLineOut]
    damaged: list[DamageOut]


@router.post("/outbox")
async def take_in_phone(
    signed: Signed, request: Request, file: Annotated[UploadFile, File(description="as exported by the field app")]
) -> OutboxReportOut:
    """Take in the raw outbox of a phone, for officers of one's own agency. The same file again changes nothing."""
    gate.may(signed.actor, "deeds:import")
    report = await take_in_outbox(request.app.state.db, await _content(file), signed.actor)
    await log_import(signed.session, report, file.filename or "", signed.actor.home_area)
    damaged = [DamageOut(what=one.what, code=one.code, **words_of(one.code)) for one in report.damaged]
    deeds = [DeedLineOut.model_validate(line) for line in report.deeds]
    return OutboxReportOut(
        sha256=report.sha256, exported_at=report.exported_at, device_id=report.device_id, files=report.files,
        counts=report.counts, deeds=deeds, damaged=damaged,
    )  # fmt: skip


def words_of(code: str) -> dict[str, str]:
    """The words of a code, in both languages."""
    error = Invalid(code)
    return {"title": error.title("zh"), "title_en": error.title("en")}


async def _content(file: UploadFile) -> bytes:
    most = settings().max_file_bytes
    data = await file.read(most + 1)
    if len(data) > most:
        raise Invalid("kernel.body_too_large", most=most)
    return data


async def _sheets(file: UploadFile) -> list[Sheet]:
    return await asyncio.to_thread(read_sheets, await _content(file))
