"""Codes of enterprises and permits, as people type them. Pure.

Basis     GB 32100-2015 (统一社会信用代码), HJ 608-2017 (排污单位编码规则: 信用代码、三位顺序码、一位校验码)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import uscc as standard
from stdnum.exceptions import ValidationError

from liandong.kernel.cells import clean_code
from liandong.kernel.errors import Invalid

USCC_LENGTH = 18
SITE = re.compile(r"([0-9A-Z.\-]+)\(([^()]*)\)?")
DASHED_SITE = re.compile(r"([0-9A-Z]{18})[-_#]([0-9A-Z]{1,4})")
PERMIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}\d{3}[0-9A-Z]|G1\d{15}[0-9A-Z]\d{3}[0-9A-Z]")
"""By the credit code, or by the temporary code of a unit that has none (G1, area, days, serial)."""
LOOKALIKES = str.maketrans({"O": "0", "I": "1"})
"""The standard leaves these letters out because they look like digits."""


@dataclass(frozen=True)
class UsccReading:
    """A credit code and what stood behind it: the number of a site, or the rest of a permit code."""

    uscc: str
    site: str | None = None
    permit_code: str | None = None


def read_uscc(raw: str) -> UsccReading | None:
    """The credit code in a cell, checked, with its site suffix `(01)`; None if the cell says there is none.

    Raises    sources.uscc_length, sources.uscc_character, sources.uscc_check_digit
    """
    plain = clean_code(raw)
    if plain is None:
        return None
    plain = plain.replace("（", "(").replace("）", ")").replace("【", "(").replace("】", ")")
    match = DASHED_SITE.fullmatch(plain) or SITE.fullmatch(plain)
    code, site = (match[1], match[2].strip("_-.* ")) if match else (plain, "")
    code = code.replace("-", "").replace(".", "")
    if clean_code(code) is None:
        return None
    if PERMIT.fullmatch(code) and standard.is_valid(code[:USCC_LENGTH]):
        return UsccReading(code[:USCC_LENGTH], permit_code=code)
    return UsccReading(check_uscc(code), site or None)


def check_uscc(code: str) -> str:
    """The code, if it is a credit code; a letter O or I that stands for a digit is put right if the check digit agrees.

    Raises    sources.uscc_length, sources.uscc_character, sources.uscc_check_digit
    """
    if len(code) != USCC_LENGTH:
        raise Invalid("sources.uscc_length", length=len(code))
    repaired = code.translate(LOOKALIKES)
    if standard.is_valid(repaired):
        return repaired
    wrong = next((character for character in code if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]", character)), None)
    if wrong is None and not code[2:8].isdigit():
        wrong = next(character for character in code[2:8] if not character.isdigit())
    if wrong is not None:
        raise Invalid("sources.uscc_character", character=wrong)
    raise Invalid("sources.uscc_check_digit", expected=standard.calc_check_digit(code[:-1]), got=code[-1])


def read_permit(raw: str) -> str | None:
    """The permit code in a cell; None if the cell says there is none.

    Raises    sources.permit_code_form
    """
    plain = clean_code(unicodedata.normalize("NFKC", raw))
    if plain is None:
        return None
    if not PERMIT.fullmatch(plain):
        raise Invalid("sources.permit_code_form")
    return plain


def uscc_of_permit(permit_code: str) -> str | None:
    """The credit code that a permit code begins with, if it is one."""
    try:
        return str(standard.validate(permit_code[:USCC_LENGTH]))
    except ValidationError:
        return None
