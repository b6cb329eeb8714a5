"""A row as allies are shown it: field by field as the rulebook's sharing rules say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandong.registers.law import Sharing
from liandong.registers.law.sharing_shapes import Ends, Mask, Organisation, Rounded


def masked(sharing: Sharing, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the same fields: each as its mask shows it, and None where the rule does not name it."""
    return {
        field: None if value is None or field not in sharing.masks else _shown(sharing.masks[field], value, row)
        for field, value in row.items()
    }


def _shown(mask: Mask, value: Any, row: Mapping[str, Any]) -> Any:
    if isinstance(mask, Organisation):
        return value if _is_organisation(mask, value, row.get("uscc")) else f"{value[:1]}＊＊"
    if isinstance(mask, Ends):
        hidden = len(value) - mask.first - mask.last
        return "*" * len(value) if hidden <= 0 else value[: mask.first] + "*" * hidden + value[-mask.last :]
    if isinstance(mask, Rounded):
        return round(value, mask.decimals)
    return value


def _is_organisation(mask: Organisation, name: str, uscc: str | None) -> bool:
    if uscc is not None:
        return not uscc.startswith(mask.individual_prefixes)
    return any(word in name for word in mask.words)
