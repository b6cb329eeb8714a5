"""What every HTTP route shares: pages, the shape of errors in OpenAPI, request ids and limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

MOST_PER_PAGE = 200
T = TypeVar("T")
R = TypeVar("R")

Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE)]
Cursor = Annotated[UUID | None, Query(description="`next_cursor` of the page before")]


class Page(BaseModel, Generic[T]):
    """One page of a list, newest first. `total` counts all pages; `next_cursor` opens the next one."""

    items: list[T]
    total: int
    next_cursor: UUID | None


class ReasonIn(BaseModel):
    """Why a move is made that needs a reason: words, not blanks."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class FieldErrorOut(BaseModel):
    """One field that cannot be used."""

    field: str
    code: str
    message: str
    message_en: str


class ErrorOut(BaseModel):
    """An error, the same shape everywhere (application/problem+json, RFC 9457)."""

    type: str
    status: int
    code: str
    title: str
    title_en: str
    rule: dict[str, Any] | None = None
    field_errors: list[FieldErrorOut] = []
    request_id: str | None = None


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": words, "content": {"application/problem+json": {}}}
    for status, words in {
        401: "not signed in",
        403: "seen, but not yours to do",
        404: "unseen",
        409: "a rule says no",
        422: "the input cannot be used",
    }.items()
}


async def take_page(
    session: AsyncSession, rows: Select[R], *, limit: int, cursor: UUID | None = None
) -> tuple[Sequence[R], int, UUID | None]:
    """One page of `rows`, newest first by their UUIDv7 `id`: the records, the total, and the next cursor."""
    key = rows.column_descriptions[0]["entity"].id
    total = (await session.execute(select(func.count()).select_from(rows.order_by(None).subquery()))).scalar_one()
    after = rows if cursor is None else rows.where(key < cursor)
    found = (await session.scalars(after.order_by(key.desc()).limit(limit + 1))).all()
    following: UUID | None = getattr(found[limit - 1], key.key) if len(found) > limit else None
    return found[:limit], total, following
