"""What allies are shown of a sheet that they share, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liandong.kernel.errors import Broken
from liandong.registers.law.answers import Basis
from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import bases, require_in_force
from liandong.registers.law.shapes import Status
from liandong.registers.law.sharing_shapes import Mask


@dataclass(frozen=True)
class Sharing:
    """How each field of a sheet is shown; one that is not among `masks` is not shown at all."""

    sheet: str
    masks: dict[str, Mask]
    status: Status
    basis: tuple[Basis, ...]
    source: str


def sharing(sheet: str, *, on: date) -> Sharing:
    """What allies are shown of this sheet on a day.

    Raises    law.rule_not_in_force, law.rule_unknown: no such sheet
    """
    version = require_in_force(rulebook().sharing.versions, "sharing", on)
    for one in version.sheets:
        if one.key == sheet:
            masks = {field.field: field.mask for field in one.fields}
            return Sharing(sheet, masks, version.status, bases(rulebook(), version.basis), version.source)
    raise Broken("law.rule_unknown", key=f"sharing.{sheet}")
