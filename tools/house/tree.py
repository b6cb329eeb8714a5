"""The tree as the rules see it: which files are ours, their syntax trees, the rooms."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("registers", "means", "work", "oversight", "wires")
NOT_OURS = {".venv", ".liandong", "node_modules", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@cache
def own_files() -> list[Path]:
    """Every file that is, or is about to be, under version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        # A copy without its history, such as a release's archive.
        return sorted(file for file in ROOT.rglob("*") if file.is_file() and not NOT_OURS & set(file.parts))
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return sorted(file for file in files if file.is_file())


def python_files(folder: str = "") -> list[Path]:
    """Our Python files below `folder`."""
    return [file for file in own_files() if file.suffix == ".py" and file.is_relative_to(ROOT / folder)]


@cache
def syntax(file: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def rooms() -> list[Path]:
    """The folders of all rooms, floor by floor."""
    found = [folder for floor in FLOORS for folder in (ROOT / "liandong" / floor).glob("*/")]
    return sorted(folder for folder in found if (folder / "__init__.py").exists())


def shown(file: Path) -> str:
    """A path as people write it: from the root of the project."""
    return str(file.relative_to(ROOT))


def base_names(node: ast.ClassDef) -> set[str]:
    """The names of the classes that a class inherits from, without their modules."""
    return {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}


def classes(file: Path) -> list[ast.ClassDef]:
    """The classes at the top of a file; none if there is no such file."""
    return [node for node in syntax(file).body if isinstance(node, ast.ClassDef)] if file.exists() else []
