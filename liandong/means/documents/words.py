"""Facts as a paper says them, and text made safe to set: nothing invisible, no word too long for its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from liandong.kernel.clock import BEIJING

UNRECORDED = "未记录"
BREAK = "\u200b"
"""Zero-width space: a line may end here; it has no shape and is not part of what a paper says."""
LONGEST_RUN = 20
"""Half-widths that may stand without a place to break; the narrowest column of a paper holds more."""
_SPACES = {"\t": " ", "\v": "\n", "\f": "\n", "\r": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n"}


def minute(instant: datetime | None) -> str | None:
    """An instant to the minute in Beijing: 2026年3月5日14时05分."""
    if instant is None:
        return None
    local = instant.astimezone(BEIJING)
    return f"{day(local.date())}{local.hour}时{local.minute:02d}分"


def day(one: date) -> str:
    """A day as papers write it: 2026年3月5日."""
    return f"{one.year}年{one.month}月{one.day}日"


def position(lon: float | None, lat: float | None) -> str | None:
    """A position in degrees WGS-84 to five decimals, about a metre."""
    if lon is None or lat is None:
        return None
    east, north = ("东经" if lon >= 0 else "西经"), ("北纬" if lat >= 0 else "南纬")
    return f"{east}{abs(lon):.5f}°、{north}{abs(lat):.5f}°"


def clean(text: str) -> str:
    """The text without what cannot be seen: control and direction marks could make a paper read otherwise than it is.

    Line ends of every kind become one kind, spaces of every kind a plain or an ideographic one. Variation selectors
    stay, because rare name characters need them.
    """
    return "".join(_visible(text.replace("\r\n", "\n"))).strip()


def _visible(text: str) -> Iterator[str]:
    for letter in text:
        kind = unicodedata.category(letter)
        if letter in _SPACES or letter == "\n":
            yield _SPACES.get(letter, letter)
        elif kind == "Zs":
            yield letter if letter == "\u3000" else " "
        elif kind not in ("Cc", "Cf", "Cs"):
            yield letter


def breakable(text: str) -> str:
    """The text with a place to break inside every run that has none of its own and is longer than a narrow column."""
    return "".join(BREAK.join(run) if _width(run) > LONGEST_RUN else run for run in _runs(text))


def _runs(text: str) -> Iterator[str]:
    """The text in pieces between which a line may surely end."""
    start = 0
    for place in range(1, len(text)):
        if _may_end(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    yield text[start:]


def _may_end(before: str, after: str) -> bool:
    is_word = _is_ideograph(after) or (after.isascii() and after.isalnum())
    return before in " \n" or (_is_ideograph(before) and is_word)


def _is_ideograph(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000"


def _width(run: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in run)
