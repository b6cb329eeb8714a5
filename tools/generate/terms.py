"""The words of the field for the faces, from the glossary."""

from __future__ import annotations

import json
from typing import Any

from tools.generate.sources import rulebook


def glossary() -> list[dict[str, Any]]:
    """Every entry of the glossary: `id`, `zh`, `en`, and what else it says."""
    loaded = rulebook("glossary.yaml")
    return list(loaded)


def term_files() -> dict[str, str]:
    """The labels of all faces, in both languages."""
    entries = sorted(glossary(), key=lambda entry: str(entry["id"]))
    lines = [
        f"  {_quoted(entry['id'])}: {{ zh: {_quoted(entry['zh'])}, en: {_quoted(entry['en'])} }}," for entry in entries
    ]
    head = "/** Generated from the glossary by `make docs`; edits are lost. */\n"
    body = "export const terms: Record<string, { zh: string; en: string }> = {\n" + "\n".join(lines) + "\n};\n"
    return {"apps/shared/terms/terms.ts": head + body}


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
