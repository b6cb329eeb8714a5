"""Positions as people type them: decimal or 度分秒, in one cell or two, sometimes the wrong way round. Pure.

Which system a position was measured in cannot be seen from the numbers: it is WGS-84 unless the user says otherwise.
"""

from __future__ import annotations

import re
import unicodedata

from liandong.kernel import geo
from liandong.kernel.cells import clean_text, read_number
from liandong.kernel.errors import Invalid

DATUMS = ("wgs84", "gcj02", "bd09")
COMPASS = re.compile(r"^(?:东经|北纬|西经|南纬|[EN])?\s*[:：]?\s*(.*?)\s*[EN]?$", re.IGNORECASE)
NUMBER = r"(\d+(?:\.\d+)?)\s*"
DEGREES = re.compile(rf"{NUMBER}[°度º˚]\s*(?:{NUMBER}(?:['′’分]\s*(?:{NUMBER}[\"″”秒]?)?)?)?")
PAIR = re.compile(r"\s*[,，;；]\s*|\s*(?=东经|北纬)|(?<=\S)\s*(?=[EN]\d)|\s+")
CHINA_LON, CHINA_LAT = (73.0, 136.0), (3.0, 54.5)
SEVEN_DIGITS = 7
"""A centimetre; more digits are noise of the conversion."""


def read_angle(text: str) -> float:
    """Decimal degrees from `106.3166667`, `106°19′0″`, `东经106度19分`.

    Raises    import.number_unreadable
    """
    plain = unicodedata.normalize("NFKC", text).replace("′′", "″").replace("''", "″").strip()
    bare = COMPASS.match(plain)
    plain = bare[1] if bare else plain
    match = DEGREES.fullmatch(plain)
    try:
        if match:
            degrees, minutes, seconds = (float(part or 0) for part in match.groups())
            if minutes >= 60 or seconds >= 60:
                raise ValueError(text)
            return round(degrees + minutes / 60 + seconds / 3600, SEVEN_DIGITS)
        return read_number(plain)
    except ValueError as error:
        raise Invalid("import.number_unreadable", value=text) from error


def split_pair(text: str) -> tuple[str, str]:
    """The two parts of a cell that holds a whole position.

    Raises    import.number_unreadable
    """
    parts = [part for part in PAIR.split(text.strip(" ()（）[]")) if part]
    if len(parts) != 2:
        raise Invalid("import.number_unreadable", value=text)
    return parts[0], parts[1]


def read_position(lon_text: str, lat_text: str, datum: str = "wgs84") -> geo.Position | None:
    """(lon, lat) in WGS-84 from two cells; None if both say there is none. A swapped pair is put right.

    Raises    import.number_unreadable, kernel.position_incomplete, kernel.position_out_of_range
    """
    lon_plain, lat_plain = clean_text(lon_text), clean_text(lat_text)
    if lon_plain is None and lat_plain is None:
        return None
    if lon_plain is None or lat_plain is None:
        raise Invalid("kernel.position_incomplete")
    lon, lat = read_angle(lon_plain), read_angle(lat_plain)
    if lon == 0 and lat == 0:
        return None
    if _within(lat, CHINA_LON) and _within(lon, CHINA_LAT):
        lon, lat = lat, lon
    geo.check_position(lon, lat)
    if datum == "gcj02":
        lon, lat = geo.gcj02_to_wgs84(lon, lat)
    elif datum == "bd09":
        lon, lat = geo.bd09_to_wgs84(lon, lat)
    return (round(lon, SEVEN_DIGITS), round(lat, SEVEN_DIGITS)) if datum != "wgs84" else (lon, lat)


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]
