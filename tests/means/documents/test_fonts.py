"""Every character has a shape, or the paper is refused with the character's name."""

from __future__ import annotations

import pylopdf_fonts_zh_cn
import pytest
import typst

from liandong.kernel.errors import Refused
from liandong.means.documents.fonts import require_shown, typefaces
from liandong.means.documents.forms import style
from liandong.means.documents.printing import print_document
from tests.means.documents.papers import order, pages

RARE_NAMES = "喆堃珺玥祎昇垚赟彧㛃䶮龑翀旸晢"
NOBODY_HAS = "\U0010fffd"


def test_rare_name_characters_are_shown() -> None:
    assert typefaces().missing(RARE_NAMES) == []
    assert RARE_NAMES in "".join(pages(print_document(order(manager_name=RARE_NAMES))))


def test_a_character_that_no_font_has_is_named_and_the_paper_refused() -> None:
    with pytest.raises(Refused) as raised:
        print_document(order(conclusion=f"示例{NOBODY_HAS}停运{NOBODY_HAS}"))
    assert (raised.value.code, raised.value.status) == ("documents.glyph_missing", 409)
    assert raised.value.values["count"] == 1
    assert "U+10FFFD" in raised.value.title("zh")


def test_a_variation_selector_needs_no_shape_of_its_own() -> None:
    require_shown(["葛\U000e0100城区"])


def test_the_package_alone_carries_every_form() -> None:
    """A machine without any font of its own still prints."""
    folder = str(pylopdf_fonts_zh_cn.serif_path().parent)
    families = set(
        typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).families()
    )
    assert families & set(style().body)
    assert families & set(style().heading)


def test_the_first_wanted_family_that_is_there_is_the_main_one() -> None:
    there = {family.lower() for family in typefaces().fonts.families()}
    first = next(family for family in style().body if family.lower() in there)
    assert typefaces().body[0] == first
