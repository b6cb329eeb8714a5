"""What the rulebook has of the provisions that something rests on: where to find each, and what it says in our words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liandong.registers.law.loader import rulebook
from liandong.registers.law.shapes import Status


@dataclass(frozen=True)
class ProvisionText:
    """A provision as the rulebook has it. `gist` paraphrases and never quotes: the official text is not in the rulebook.

    `doubt` says why another law may have replaced it, from `doubted_from` on.
    """

    key: str
    cite: str
    gist: str
    statute: str
    edition: str
    valid_from: date
    valid_to: date | None
    status: Status
    source: str
    doubted_from: date | None
    doubt: str | None


def provision_texts(keys: Iterable[str]) -> list[ProvisionText]:
    """These provisions, each once, in the order of their keys.

    Raises    KeyError: the rulebook has no such provision
    """
    book = rulebook()
    found = []
    for key in sorted(set(keys)):
        statute, provision = book.provision(key)
        found.append(
            ProvisionText(
                key=key,
                cite=book.cite(key),
                gist=provision.gist,
                statute=statute.title,
                edition=statute.edition,
                valid_from=statute.valid_from,
                valid_to=statute.valid_to,
                status=statute.status,
                source=statute.source,
                doubted_from=statute.doubted_from,
                doubt=statute.doubt,
            )
        )
    return found
