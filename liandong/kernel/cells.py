"""The text of one spreadsheet cell turned into a value. Pure; what cannot be read is a ValueError, never a guess."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

from liandong.kernel.clock import BEIJING

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"))
FULL_WIDTH = {
    code: code - 0xFEE0 for span in ("０９", "ＡＺ", "ａｚ") for code in range(ord(span[0]), ord(span[1]) + 1)
}
"""Full-width digits and letters; Chinese punctuation stays as it is."""
NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "－",
        "/",
        "／",
        "\\",
        "無",
        "无",
        "暂无",
        "没有",
        "空",
        "不详",
        "未知",
        "n/a",
        "#n/a",
    }
    | {"na", "null", "none", "nan", "nil", "0000-00-00"}
)
SERIAL_START = date(1899, 12, 30)
SERIAL = re.compile(r"[2-7]\d{4}(\.0+)?")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*[:分]?\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?")
PACKED_CLOCK = re.compile(r"(\d{2})(\d{2})(\d{2})?")


def clean_text(raw: str) -> str | None:
    """The text without invisible characters, with single blanks and half-width letters and digits; None for `无`."""
    text = " ".join(raw.translate(INVISIBLE).translate(FULL_WIDTH).split())
    return None if text.casefold() in NOTHING else text


def clean_code(raw: str) -> str | None:
    """A code: half-width, upper case, without any blank; None for `无` and its like."""
    text = clean_text(unicodedata.normalize("NFKC", raw))
    return None if text is None else text.replace(" ", "").upper()


def read_number(text: str) -> float:
    """A decimal number, with or without separators of thousands.

    Raises    ValueError
    """
    number = float(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def read_day(text: str) -> date:
    """A calendar day, as people and spreadsheets write it; the time of day behind it is left out.

    Raises    ValueError
    """
    day, _ = _split_day(_half_width(text))
    return day


def read_instant(text: str, day: date | None = None) -> datetime:
    """An instant, aware; what has no zone is Beijing time, what has no day takes `day`.

    Raises    ValueError
    """
    plain = _half_width(text)
    try:
        instant = datetime.fromisoformat(plain)
    except ValueError:
        pass
    else:
        return instant if instant.tzinfo else instant.replace(tzinfo=BEIJING)
    if day is not None and CLOCK.fullmatch(plain):
        return datetime.combine(day, _clock(plain), BEIJING)
    found, rest = _split_day(plain)
    return datetime.combine(found, _clock(rest) if rest else time(), BEIJING)


def _half_width(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(INVISIBLE).split())


def _split_day(plain: str) -> tuple[date, str]:
    if SERIAL.fullmatch(plain):
        return SERIAL_START + timedelta(days=int(float(plain))), ""
    match = DAY.match(plain) or PACKED_DAY.match(plain)
    if not match:
        raise ValueError(plain)
    rest = plain[match.end() :].strip(" T")
    if rest and not (CLOCK.fullmatch(rest) or PACKED_CLOCK.fullmatch(rest)):
        raise ValueError(plain)
    year, month, day = (int(part) for part in match.groups())
    return date(year, month, day), rest


def _clock(text: str) -> time:
    match = CLOCK.fullmatch(text) or PACKED_CLOCK.fullmatch(text)
    if not match:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in match.groups())
    if (hour, minute, second) == (24, 0, 0):
        raise ValueError(text)
    return time(hour, minute, second)


def split_list(text: str) -> list[str]:
    """The parts of a cell that lists several things, whatever stands between them; blank parts are left out."""
    return [part for part in re.split(r"[;；,，、|/\s]+", text.translate(INVISIBLE)) if part]
