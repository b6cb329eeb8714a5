"""The country's division codes and names down to counties, present and past, from the list in `python-stdnum`. Pure.

It knows neither functional zones nor streets: those come with a register of divisions, or stay without a name.

Basis     GB/T 2260 (中华人民共和国行政区划代码)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from stdnum import numdb

PROVINCE, CITY, COUNTY, STREET = "province", "city", "county", "street"
COUNTY_DIGITS = 6
CODE = re.compile(r"[1-9]\d{5}(\d{3}(\d{3})?)?")
SPAN = re.compile(r"\[(\d*)-(\d*)\](.*)")
ENDINGS = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|区|县|旗)$")
UNNAMED = frozenset({"市辖区", "县", "省直辖县级行政单位", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def is_code(text: str) -> bool:
    """Whether a text has the form of a division code: six, nine or twelve digits."""
    return CODE.fullmatch(text) is not None


def level_of(code: str) -> str:
    """The level that a code stands for."""
    if len(code) > 6:
        return STREET
    if code.endswith("0000"):
        return PROVINCE
    return CITY if code.endswith("00") else COUNTY


def parent_of(code: str) -> str | None:
    """The code one level up; None for a province."""
    level = level_of(code)
    if level == PROVINCE:
        return None
    if level == STREET:
        return code[:6]
    return code[:2] + "0000" if level == CITY else code[:4] + "00"


def prefix_of(code: str) -> str:
    """What every code at or below this one begins with."""
    return {PROVINCE: code[:2], CITY: code[:4], COUNTY: code[:6]}.get(level_of(code), code)


def with_ancestors(codes: Iterable[str]) -> list[str]:
    """The codes and everything above them, higher levels first."""
    found: set[str] = set()
    for start in codes:
        code: str | None = start
        while code is not None and code not in found:
            found.add(code)
            code = parent_of(code)
    return sorted(found, key=lambda code: (len(code), -code.count("0000"), not code.endswith("00"), code))


@cache
def names() -> dict[str, str]:
    """Each division code with its name now, or its last one if it is no longer in use."""
    return {code: name for code, (name, _) in _entries().items()}


@cache
def _entries() -> dict[str, tuple[str, bool]]:
    """Each division code with its name and whether it is still in use."""
    entries: dict[str, tuple[str, bool]] = {}
    for _, province, _, properties, below in numdb.get("cn/loc").prefixes:
        for _, rest, _, county, _ in below:
            entries[province + rest] = _latest_name(county["county"])
        entries.setdefault(province + "0000", (properties["province"], True))
    return entries


def _latest_name(spans: str) -> tuple[str, bool]:
    latest, latest_end = "", -1
    for part in spans.split(","):
        match = SPAN.match(part)
        end = int(match[2]) if match and match[2] else 9999
        if end > latest_end:
            latest, latest_end = (match[3] if match else part), end
    return latest, latest_end == 9999


def short_name(name: str) -> str:
    """A name without its kind: 银川 for 银川市; a name of two characters stays whole."""
    short = ENDINGS.sub("", name)
    return short if len(short) >= 2 else name


def find_divisions(name: str, candidates: dict[str, str] | None = None) -> list[str]:
    """The codes in use whose name is `name`, in full or without its kind; full matches shut out short ones."""
    plain = "".join(name.split())
    if len(plain) < 2 or plain in UNNAMED:
        return []
    known = candidates if candidates is not None else in_use()
    full = [code for code, known_name in known.items() if known_name == plain]
    return full or [code for code, known_name in known.items() if short_name(known_name) == plain]


@cache
def in_use() -> dict[str, str]:
    """Each division code in use with its name; divisions that only gather others have none."""
    return {code: name for code, (name, used) in _entries().items() if used and name not in UNNAMED}
