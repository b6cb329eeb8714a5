"""Small files, small functions, rooms that fit in a head."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.house.tree import ROOT, own_files, python_files, rooms, shown, syntax

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LARGEST_ROOM = 2500
WRITTEN_BY_HAND = {".py", ".ts", ".vue"}
GENERATED = ("shared/client/schema.d.ts", "shared/terms/")


def files_are_small() -> Iterator[str]:
    """No source file is longer than 400 lines."""
    for file in own_files():
        if file.suffix not in WRITTEN_BY_HAND or any(mark in shown(file) for mark in GENERATED):
            continue
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            yield f"{shown(file)}: {lines} lines, {LONGEST_FILE} are allowed"


def functions_are_small() -> Iterator[str]:
    """No Python function is longer than 60 lines, its docstring not counted."""
    for file in python_files():
        for node in ast.walk(syntax(file)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = _length(node)
                if lines > LONGEST_FUNCTION:
                    yield f"{shown(file)}:{node.lineno}: {node.name} has {lines} lines, {LONGEST_FUNCTION} are allowed"


def rooms_are_small() -> Iterator[str]:
    """No room is larger than 2,500 lines of Python."""
    for room in rooms():
        lines = sum(
            len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(str(room.relative_to(ROOT)))
        )
        if lines > LARGEST_ROOM:
            yield f"{shown(room)}: {lines} lines, {LARGEST_ROOM} are allowed: it is two rooms"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines
