"""The law of the live picture: snapshot at n, and the facts after n, give the snapshot at m.

A picture is items by kind and id. A fact's `after` holds, for each item it touches, the fields that changed, or
None when the item leaves. An item that was only ever named in part is not in sight and stays out. The law speaks of
one and the same sight: an officer in a fact's `audience` was called to a task or released from it, sees more or less
from then on, and takes a new snapshot. The screens do the same in TypeScript; a test holds both to this law.
"""

from __future__ import annotations

from typing import Any

KINDS = ("clues", "tasks", "problems", "officers")
Picture = dict[str, dict[str, dict[str, Any]]]


def apply(picture: Picture, after: dict[str, dict[str, dict[str, Any] | None]]) -> None:
    """Afterwards the picture is as it was after the fact."""
    for kind, changes in after.items():
        items = picture.setdefault(kind, {})
        for key, change in changes.items():
            if change is None:
                items.pop(key, None)
            elif key in items or "id" in change:
                items[key] = {**items.get(key, {}), **change}
