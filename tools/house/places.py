"""The project names no machine: no package registry, no absolute path of somebody's disk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.house.tree import own_files, shown

# Put together from parts, or this file would break its own rule.
HOSTS = re.compile("|".join(map(re.escape, ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "mirror.com",
                                            "npm" + "js.com", "registry." + "yarnpkg.com"))))  # fmt: skip
PATHS = re.compile(r"(?<![\w./}-])/" + r"(?:work|root|home|Users)/[\w.-]+")
TEXT_LIMIT = 2_000_000


def nothing_names_a_machine() -> Iterator[str]:
    """No file of ours holds the name of a package registry's host or an absolute path of one machine."""
    for file in own_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text[:TEXT_LIMIT].splitlines(), 1):
            for found in (*HOSTS.finditer(line), *PATHS.finditer(line)):
                yield f"{shown(file)}:{number}: {found[0]}"
