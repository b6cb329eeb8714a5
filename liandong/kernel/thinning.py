"""Rows of a long time made few enough to be shown, evenly and without a guess: the first of every so many seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, literal
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from liandong.kernel.clock import EPOCH

Row = TypeVar("Row")


def first_of_every(
    rows: Select[Row], step_s: int, *, of: InstrumentedAttribute[UUID], at: InstrumentedAttribute[datetime]
) -> Select[Row]:
    """Of each `of` the first row in every `step_s` seconds of `at`, in the order of time."""
    slot = func.date_bin(literal(timedelta(seconds=step_s)), at, literal(EPOCH))
    return rows.ext(distinct_on(of, slot)).order_by(of, slot, at)
