"""The form of a sealed record: names, limits and versions, in one place for those who write it and those who check it.

A record is a ZIP archive in which nothing is left to choice: entries are stored without compression, in the order of
the manifest, under ASCII names, with one fixed date and no extra fields. The same content is the same bytes, so that
every byte of the archive is accounted for, and nothing in it can grow when it is unpacked.
"""

from __future__ import annotations

import re

FORMAT, VERSION = "liandong.record", 1

MANIFEST, SIGNATURE, README = "manifest.json", "signature.json", "README.txt"
UNLISTED = (MANIFEST, SIGNATURE)
"""The two that come first and are not listed in the manifest: itself, and the signature over it."""

INSPECTION, TASK, SOURCE, OFFICERS = (
    "record/inspection.json", "record/task.json", "record/source.json", "record/officers.json"
)  # fmt: skip
ANSWERS, PHOTOS, SIGNATURES = "record/answers/", "record/photos/", "record/signatures/"
PROBLEMS, MOVES, LOOK_BACKS = "record/problems/", "record/moves/", "record/look_backs/"
ASSIGNMENTS, URGINGS, RETURNS = "record/assignments/", "record/urgings/", "record/returns/"
SAMPLES, SUPPORT = "record/samples/", "record/support.json"
ENTRIES = "record/entries/"
DEEDS, FACTS, LINKS, ORIGINALS, DOCUMENTS = "deeds/", "ledger/facts/", "ledger/links.txt", "originals/", "documents/"

PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*){0,3}")
"""What a name may be: up to four parts, none of which begins with a dot; so nothing is absolute and nothing climbs."""

LONGEST_NAME = 120
MOST_ENTRIES = 50_000
LARGEST_ARCHIVE = 2**31 - 1
LARGEST_JSON = 8 * 1024 * 1024
DEEPEST_JSON = 64
CLOCK_TOLERANCE_US = 5 * 60 * 1_000_000
"""How far apart the clocks of the machines of one installation may be, in microseconds."""


def is_name(name: str) -> bool:
    """Whether an entry of a record may be called so."""
    return len(name) <= LONGEST_NAME and PATH.fullmatch(name) is not None
