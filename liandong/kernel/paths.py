"""Where the project's data files lie, in a checkout and in an installed package alike."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def rulebook_folder() -> Path:
    """The folder of the law and the language as data."""
    return PROJECT / "rulebook"


def faces_folder() -> Path:
    """The folder of the built faces; it exists after the front end was built."""
    return PROJECT / "apps" / "dist"


def migrations_folder() -> Path:
    """The folder of the database migrations."""
    return PROJECT / "migrations"
