"""The door of this room: facts in, a paper out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from liandong.means.documents import press
from liandong.means.documents.filling import Facts, fill, said
from liandong.means.documents.forms import find_form
from liandong.means.documents.words import breakable, clean, minute

UNSIGNED, REFUSED, UNREADABLE = "未签名", "拒绝签名", "签名图像无法读取"


@dataclass(frozen=True)
class Signer:
    """Who is to sign every page. Without a picture `is_refused` tells a refusal from a signature that is missing.

    `picture` is the PNG that was drawn; `name` may carry the certificate's number.
    """

    role: str
    name: str
    signed_at: datetime | None = None
    picture: bytes | None = None
    is_refused: bool = False


@dataclass(frozen=True)
class Order:
    """A paper to be printed: which form as it was on which day, filled with what, signed by whom.

    `dated` becomes the file's date, so it must belong to the content. A draft is marked 草稿 on every page.
    """

    form: str
    on: date
    number: str
    agencies: tuple[str, ...]
    facts: Facts
    signers: tuple[Signer, ...]
    dated: datetime
    is_draft: bool = False


def print_document(order: Order) -> bytes:
    """The paper as PDF/A-2b on A4. The same order gives the same bytes on the same installation. Takes CPU time only.

    Raises    documents.form_missing, documents.fact_unknown, documents.glyph_missing, documents.layout_failed
    """
    return press.print_pdf(_paper(order), order.dated)


def print_pages(order: Order, ppi: float = 96) -> list[bytes]:
    """The same paper as one PNG a page.

    Raises    as print_document
    """
    return press.print_pictures(_paper(order), ppi)


def _paper(order: Order) -> dict[str, Any]:
    form, version = find_form(order.form, order.on)
    return {
        "title": form.title,
        "form": f"{form.title} 第 {version.version} 版式样",
        "number": breakable(clean(order.number)),
        "agencies": _lines(order.agencies),
        "is_draft": order.is_draft,
        "signers": [_signer(one) for one in order.signers],
        "blocks": fill(version, order.facts),
    }


def _lines(texts: Sequence[str]) -> list[str]:
    return [breakable(clean(text)) for text in texts]


def _signer(signer: Signer) -> dict[str, Any]:
    shown = signer.picture if signer.picture is not None and press.is_drawable(signer.picture) else None
    mark = UNSIGNED if signer.picture is None else UNREADABLE
    return {
        "role": breakable(clean(signer.role)),
        "name": breakable(said(signer.name)),
        "at": minute(signer.signed_at) or "",
        "picture": list(shown) if shown is not None and not signer.is_refused else None,
        "mark": REFUSED if signer.is_refused else mark,
    }
