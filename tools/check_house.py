"""`python -m tools.check_house`: every rule of the house holds, or each breach is printed and the exit code is 1."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tools.house.cards import cards_are_true, verbs_are_carded
from tools.house.codes import every_error_is_raised
from tools.house.gate import nobody_walks_past_the_gate, only_the_kernel_commits
from tools.house.places import nothing_names_a_machine
from tools.house.sizes import files_are_small, functions_are_small, rooms_are_small
from tools.house.words import every_word_is_in_the_glossary

Rule = Callable[[], Iterator[str]]
RULES: tuple[Rule, ...] = (
    files_are_small,
    functions_are_small,
    rooms_are_small,
    cards_are_true,
    verbs_are_carded,
    every_word_is_in_the_glossary,
    every_error_is_raised,
    nobody_walks_past_the_gate,
    only_the_kernel_commits,
    nothing_names_a_machine,
)


def main() -> int:
    """0 if every rule holds; otherwise 1, with each breach under its rule."""
    broken = 0
    for rule in RULES:
        breaches = list(rule())
        broken += len(breaches)
        print(f"{'ok  ' if not breaches else 'BAD '} {rule.__name__.replace('_', ' ')}")
        for breach in breaches:
            print(f"       {breach}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
