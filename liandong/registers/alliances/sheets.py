"""What allies share is a sheet: a table that holds nothing else, each row masked when it is written.

Nobody writes a sheet but the worker, which makes it what it should be from the records it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, ForeignKey, Uuid, any_, delete, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from liandong.kernel.bulk import merge
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class SharedRow(Scoped):
    """A row of a sheet: about one record (`about_key` names its column), for the members of one memorandum."""

    task_key: ClassVar[str | None] = None
    about_key: ClassVar[str]

    @declared_attr
    def id(cls) -> Mapped[UUID]:
        """Its own; never that of the record it is about."""
        return mapped_column(primary_key=True, default=new_id)

    @declared_attr
    def memorandum_id(cls) -> Mapped[UUID]:
        """Under which memorandum it is shared."""
        return mapped_column(ForeignKey("memorandum.id"), index=True)


T = TypeVar("T", bound=SharedRow)
Rows = Mapping[UUID, Mapping[str, Any]]
"""What a sheet should say about each record: the values of all its columns but its id, its memorandum and the record."""


@dataclass
class Kept:
    """The rows that came, went or changed, each as it was last shown."""

    came: list[Mapping[str, Any]] = field(default_factory=list)
    went: list[Mapping[str, Any]] = field(default_factory=list)
    changed: list[Mapping[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.changed)


async def keep_sheet(
    session: AsyncSession, table: type[T], memorandum_id: UUID, wanted: Rows, *,
    about: Collection[UUID] | None = None, quiet: frozenset[str] = frozenset(),
) -> Kept:  # fmt: skip
    """Afterwards the memorandum's sheet says `wanted`, or does so about the records `about` and is else as it was.

    What changed in nothing but the `quiet` columns is written and not told. Safe to repeat.
    """
    columns = _columns(table)
    about_column = getattr(table, table.about_key)
    mine: list[ColumnElement[bool]] = [table.memorandum_id == memorandum_id]
    if about is not None:
        mine.append(about_column == any_(literal(list(about), ARRAY(Uuid))))
    # past the gate: the worker keeps the sheets of all
    held = await session.execute(select(about_column, *(getattr(table, name) for name in columns)).where(*mine))
    before = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in held}
    kept = _compared(before, wanted, quiet)
    gone = [key for key in before if key not in wanted]
    if gone:
        await session.execute(delete(table).where(*mine, about_column == any_(literal(gone, ARRAY(Uuid)))))
    differing = [key for key, row in wanted.items() if before.get(key) != row]
    rows = [(new_id(), memorandum_id, key, *(wanted[key][name] for name in columns)) for key in differing]
    head = ("id", "memorandum_id", table.about_key)
    name = str(table.__tablename__)  # type: ignore[attr-defined]
    await merge(session, name, (*head, *columns), rows, key=head[1:], update=columns)
    return kept


def _columns(table: type[SharedRow]) -> tuple[str, ...]:
    names = table.__mapper__.columns.keys()  # type: ignore[attr-defined]
    return tuple(sorted(set(names) - {"id", "memorandum_id", table.about_key}))


def _compared(before: Rows, wanted: Rows, quiet: frozenset[str]) -> Kept:
    kept = Kept()
    for key, row in wanted.items():
        if key not in before:
            kept.came.append(row)
        elif any(before[key][name] != value for name, value in row.items() if name not in quiet):
            kept.changed.append(row)
    kept.went = [row for key, row in before.items() if key not in wanted]
    return kept


async def withdraw_sheets(session: AsyncSession, table: type[T], holding: Iterable[UUID]) -> None:
    """Afterwards no memorandum but these has a sheet."""
    # past the gate: what is over is over for everybody
    await session.execute(delete(table).where(~(table.memorandum_id == any_(literal(list(holding), ARRAY(Uuid))))))
