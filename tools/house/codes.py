"""Error codes: what the dictionary lists is said somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import yaml

from tools.house.tree import ROOT, own_files, python_files, syntax

DICTIONARY = "rulebook/errors.yaml"
FEWEST_LETTERS = 5
"""A composed code with fewer letters of its own could be any."""
FACE_FILES = {".ts", ".vue"}


def every_error_is_raised() -> Iterator[str]:
    """Every code of the dictionary stands in the code, whole or composed; one that nothing says is dead."""
    said, composed = _said(), _composed()
    for code in yaml.safe_load((ROOT / DICTIONARY).read_text(encoding="utf-8")):
        if code not in said and not any(shape.fullmatch(code) for shape in composed):
            yield f"{DICTIONARY}: {code} is raised nowhere"


def _said() -> set[str]:
    """All quoted words of the server and of the faces."""
    faces = (file.read_text(encoding="utf-8") for file in own_files() if file.suffix in FACE_FILES)
    quoted = {word for source in faces for word in re.findall(r"[\"'`]([a-z_]+\.[a-z_]+)[\"'`]", source)}
    for file in python_files("liandong"):
        quoted |= {
            node.value
            for node in ast.walk(syntax(file))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return quoted


def _composed() -> list[re.Pattern[str]]:
    found = []
    for file in python_files("liandong"):
        for node in ast.walk(syntax(file)):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if "." in (own := "".join(str(part) for part in parts if part)) and len(own) > FEWEST_LETTERS:
                    found.append(
                        re.compile("".join("[a-z0-9_]+" if part is None else re.escape(str(part)) for part in parts))
                    )
    return found
