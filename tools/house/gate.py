"""Nobody walks past the gate, and nobody but the kernel ends a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.house.tree import ROOT, base_names, classes, python_files, rooms, shown, syntax

GATE = ROOT / "liandong" / "registers" / "access" / "gate.py"
MAY_COMMIT = {ROOT / "liandong" / name for name in ("kernel/db.py", "kernel/jobs.py", "runtime.py")}
# What a line must say to read guarded rows without the gate, followed by the reason.
PERMIT = "# past the gate: "


def guarded_tables() -> set[str]:
    """The classes that inherit Scoped: rows that have a place and may be seen by some and not by others."""
    return {
        node.name
        for room in rooms()
        for node in classes(room / "tables.py")
        if "Base" in base_names(node) and {"Scoped", "SharedRow"} & base_names(node)
    }


def nobody_walks_past_the_gate() -> Iterator[str]:
    """`select` on a guarded table stands in the gate only, or on a line that says why it may pass."""
    guarded = guarded_tables()
    for file in python_files("liandong"):
        if file == GATE:
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(syntax(file)):
            if _is_select(node) and isinstance(node, ast.Call):
                names = sorted(_classes_selected(node) & guarded)
                statement = "\n".join(lines[node.lineno - 2 : node.end_lineno])
                if names and PERMIT not in statement:
                    yield f"{shown(file)}:{node.lineno}: select({', '.join(names)}) walks past the gate"


def only_the_kernel_commits() -> Iterator[str]:
    """`.commit()` and `.rollback()` stand only where a transaction is begun."""
    for file in python_files("liandong"):
        if file not in MAY_COMMIT:
            yield from _ends_of_transactions(file)


def _ends_of_transactions(file: Path) -> Iterator[str]:
    for node in ast.walk(syntax(file)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in ("commit", "rollback") and not node.args:
            yield f"{shown(file)}:{node.lineno}: .{node.func.attr}() belongs to the kernel"


def _is_select(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "id", getattr(node.func, "attr", "")) == "select"


def _classes_selected(call: ast.Call) -> set[str]:
    """The capitalised names anywhere in the arguments: `Problem`, `Problem.id`, `func.count(Problem.id)`."""
    return {name.id for part in call.args for name in ast.walk(part) if isinstance(name, ast.Name)}
