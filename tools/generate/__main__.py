"""`python -m tools.generate [--check]`: every generated file is what its sources say, or (with --check) exit code 1."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tools.generate.client import client_files
from tools.generate.law import rulebook_page, schema_files
from tools.generate.pages import error_page, event_page, glossary_page, setting_page, state_page
from tools.generate.terms import term_files

ROOT = Path(__file__).resolve().parents[2]
GENERATORS: tuple[Callable[[], dict[str, str]], ...] = (
    state_page,
    event_page,
    glossary_page,
    error_page,
    setting_page,
    rulebook_page,
    schema_files,
    term_files,
    client_files,
)


def main(words: list[str]) -> int:
    """0 when all files are as their sources say; with --check nothing is written and 1 means that some are not."""
    files = {ROOT / name: text for generator in GENERATORS for name, text in generator().items()}
    stale = [file for file, text in files.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in words:
        for file in stale:
            print(f"{file.relative_to(ROOT)}: not what its sources say; run make docs")
        return 1 if stale else 0
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(files[file], encoding="utf-8")
        print(f"written: {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
