"""The fonts that papers are set in: the wanted families that this machine has, and the characters that they can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

from liandong.kernel.errors import Broken, Refused
from liandong.kernel.settings import settings
from liandong.means.documents.forms import style
from liandong.means.documents.words import BREAK

MOST_NAMED = 20


@dataclass(frozen=True)
class Typefaces:
    """Families by preference, each list ending with the other's, and the code points that at least one of them has."""

    fonts: typst.Fonts
    body: tuple[str, ...]
    heading: tuple[str, ...]
    shown: frozenset[int]

    def missing(self, text: str) -> list[str]:
        """The characters of a text that none of the families can show, each once, in the order they occur."""
        return [letter for letter in dict.fromkeys(text) if ord(letter) not in self.shown and not _has_no_shape(letter)]


@cache
def typefaces() -> Typefaces:
    """The families of `style.yaml` that this machine has; read once a process.

    They are looked for among the machine's fonts, in the folder `fonts` of the installation's home, and in the package
    that carries Noto Sans SC and Noto Serif SC, so that there is always one.

    Raises    documents.font_missing
    """
    own = settings().home_folder / "fonts"
    folders = [str(pylopdf_fonts_zh_cn.serif_path().parent), *([str(own)] if own.is_dir() else [])]
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=folders)
    wanted, known = style(), {family.lower() for family in fonts.families()}
    body, heading = ([one for one in families if one.lower() in known] for families in (wanted.body, wanted.heading))
    used = list(dict.fromkeys([*body, *heading]))
    if not body or not heading:
        raise Broken("documents.font_missing", families="、".join((wanted.body, wanted.heading)[bool(body)]))
    chosen = {name.lower() for name in used}
    faces = [one for one in fonts.fonts() if one.family.lower() in chosen]
    return Typefaces(
        fonts=fonts,
        body=tuple(used),
        heading=tuple(dict.fromkeys([*heading, *body])),
        shown=frozenset(point for face in _regular(faces) for point in _code_points(face)),
    )


def _regular(faces: Iterable[Any]) -> Iterator[Any]:
    """The face nearest to regular of each family: that is the one running text is set in."""
    best: dict[str, Any] = {}
    for face in faces:
        name = face.family.lower()
        if face.path and (name not in best or _oddness(face) < _oddness(best[name])):
            best[name] = face
    yield from best.values()


def _oddness(face: Any) -> tuple[bool, int]:
    return face.style != "normal", abs(face.weight - 400)


def _code_points(face: Any) -> Iterable[int]:
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        return list(font.getBestCmap() or ())


def _has_no_shape(letter: str) -> bool:
    """Line ends, our own places to break, and variation selectors, which only choose among the shapes of another."""
    return letter in ("\n", BREAK) or unicodedata.name(letter, "").startswith("VARIATION SELECTOR")


def require_shown(texts: Iterable[str]) -> None:
    """Afterwards it is sure that every character of these texts has a shape: a paper never shows an empty box.

    Raises    documents.glyph_missing, naming each character
    """
    missing = typefaces().missing("".join(texts))
    if missing:
        named = "、".join(f"{letter}（U+{ord(letter):04X}）" for letter in missing[:MOST_NAMED])
        raise Refused("documents.glyph_missing", characters=named, count=len(missing))
