"""The press: one typst compiler a process, kept warm, because a new one costs twenty times what a paper costs."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, Literal

import msgspec
import typst

from liandong.kernel.errors import Broken
from liandong.means.documents.fonts import require_shown, typefaces
from liandong.means.documents.forms import layout, shipped_folder

STANDARD: Literal["a-2b"] = "a-2b"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_PICTURE_BYTES = 2 * 1024 * 1024
LARGEST_PICTURE_POINTS = 16_000_000
"""A small file can claim to be a huge picture; a signature drawn on glass has under two million points."""
_turn = Lock()


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=shipped_folder(), font_paths=typefaces().fonts)


def print_pdf(paper: dict[str, Any], dated: datetime) -> bytes:
    """The paper as PDF/A-2b. The same paper and date give the same bytes with the same fonts.

    Raises    documents.glyph_missing, documents.layout_failed
    """
    whole = _with_fonts(paper)
    moment = dated.astimezone(UTC).replace(microsecond=0)
    pdf = _set(layout(), whole, format="pdf", pdf_standards=STANDARD, timestamp=moment)
    assert isinstance(pdf, bytes)
    return pdf


def print_pictures(paper: dict[str, Any], ppi: float) -> list[bytes]:
    """Every page of the paper as a PNG, for the eye.

    Raises    documents.glyph_missing, documents.layout_failed
    """
    pages = _set(layout(), _with_fonts(paper), format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages or ())


@cache
def _probe() -> bytes:
    return b'#image(bytes(json(bytes(sys.inputs.paper)).picture), format: "png", width: 1cm, height: 1cm)'


def is_drawable(picture: bytes) -> bool:
    """Whether a file is a PNG that can be drawn: what is not must be told, not left out."""
    if not picture.startswith(PNG) or not 33 <= len(picture) <= LARGEST_PICTURE_BYTES:
        return False
    across, down = struct.unpack(">II", picture[16:24])
    if not 0 < across * down <= LARGEST_PICTURE_POINTS:
        return False
    try:
        _set(_probe(), {"picture": list(picture)}, format="pdf")
    except Broken:
        return False
    return True


def _with_fonts(paper: dict[str, Any]) -> dict[str, Any]:
    require_shown(_texts(paper))
    faces = typefaces()
    return {**paper, "fonts": {"body": faces.body, "heading": faces.heading}}


def _set(source: bytes, paper: dict[str, Any], **how: Any) -> bytes | list[bytes] | None:
    with _turn:
        try:
            return _compiler().compile(input=source, sys_inputs={"paper": msgspec.json.encode(paper).decode()}, **how)
        except typst.TypstError as fault:
            raise Broken("documents.layout_failed", reason=fault.message) from fault


def _texts(node: Any) -> Iterator[str]:
    """Every text in the paper; pictures are lists of numbers and are passed over."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list) and not (node and isinstance(node[0], int)):
        for value in node:
            yield from _texts(value)
