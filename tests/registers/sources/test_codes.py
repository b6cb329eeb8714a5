"""Credit codes and permit codes as people type them."""

from __future__ import annotations

import random

import pytest
from stdnum.cn import uscc as standard

from liandong.kernel.errors import Invalid
from liandong.registers.sources.codes import read_permit, read_uscc, uscc_of_permit
from tests.registers.sources.made import credit_code

CODE = credit_code(1)


@pytest.mark.parametrize(
    ("written", "site"),
    [
        (CODE, None),
        (CODE.lower(), None),
        (f" {CODE[:4]} {CODE[4:]}\u00a0", None),
        (f"{CODE}（01）", "01"),
        (f"{CODE}(02", "02"),
        (f"{CODE}(__)", None),
        (f"{CODE}( )", None),
        (f"{CODE}-03", "03"),
        ("".join(chr(ord(letter) + 0xFEE0) for letter in CODE), None),
    ],
)
def test_a_code_is_read_through_its_spellings(written: str, site: str | None) -> None:
    reading = read_uscc(written)
    assert reading is not None
    assert (reading.uscc, reading.site) == (CODE, site)


@pytest.mark.parametrize("written", ["", "-", "无", "\u200b", "/"])
def test_no_code_is_legal(written: str) -> None:
    assert read_uscc(written) is None


def test_a_permit_code_in_the_column_gives_both() -> None:
    reading = read_uscc(f"{CODE}001V")
    assert reading is not None
    assert (reading.uscc, reading.permit_code) == (CODE, f"{CODE}001V")


def test_a_letter_that_looks_like_a_digit_is_put_right_only_if_the_check_digit_agrees() -> None:
    code = next(one for one in map(credit_code, range(200)) if "0" in one[8:17])
    place = code.index("0", 8)
    typed = code[:place] + "O" + code[place + 1 :]
    reading = read_uscc(typed)
    assert reading is not None
    assert reading.uscc == code
    other = next(letter for letter in "0123456789" if letter != code[-1])
    with pytest.raises(Invalid) as refused:
        read_uscc(typed[:-1] + other)
    assert refused.value.code == "sources.uscc_character"


def test_every_wrong_check_digit_is_found() -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for wrong in alphabet.replace(CODE[-1], ""):
        with pytest.raises(Invalid) as refused:
            read_uscc(CODE[:-1] + wrong)
        assert refused.value.code == "sources.uscc_check_digit"
        assert refused.value.values == {"expected": CODE[-1], "got": wrong}


@pytest.mark.parametrize(
    ("written", "code"),
    [("123456789012345", "sources.uscc_length"), (CODE + "1", "sources.uscc_length"), ("(01)", "sources.uscc_length")],
)
def test_a_code_of_another_length_is_refused(written: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_uscc(written)
    assert refused.value.code == code


def test_a_digit_typed_wrong_anywhere_never_passes() -> None:
    chance = random.Random(7)  # noqa: S311 - the same slips every time
    for _ in range(500):
        code = credit_code(chance.randrange(10**6))
        place = chance.randrange(8, 17)
        typed = code[:place] + chance.choice("0123456789".replace(code[place], "")) + code[place + 1 :]
        assert not standard.is_valid(typed)
        with pytest.raises(Invalid):
            read_uscc(typed)


def test_permit_codes_have_two_forms_and_nothing_else() -> None:
    assert read_permit(f"{CODE.lower()}001p") == f"{CODE}001P"
    assert read_permit("G1000000000000000A001V") == "G1000000000000000A001V"
    assert read_permit("-") is None
    assert uscc_of_permit(f"{CODE}001P") == CODE
    assert uscc_of_permit("G1000000000000000A001V") is None
    with pytest.raises(Invalid):
        read_permit("办理中")
