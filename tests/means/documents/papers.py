"""Papers made for tests: every fact that the shipped forms ask for, and what a printed paper says."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pypdf import PdfReader

from liandong.demo.phone import sample_picture
from liandong.means.documents.filling import PLACE
from liandong.means.documents.forms import shipped_folder
from liandong.means.documents.printing import Order, Signer

DAY = date(2026, 3, 5)
DATED = datetime(2026, 3, 5, 7, 20, tzinfo=UTC)
OFFICERS = [
    {"name": "示例林东区", "agency": "示例市生态环境局东区分局", "certificate": "示例000001"},
    {"name": "示例罗喆堃", "agency": "示例市生态环境局东区分局", "certificate": "示例000002"},
]
SIGNERS = (
    Signer("执法人员", "示例林东区", DATED, sample_picture(1, 200, 60)),
    Signer("执法人员", "示例罗喆堃", DATED, sample_picture(2, 200, 60)),
    Signer("现场负责人", "示例厂长", DATED, is_refused=True),
)
LISTS = {"officers": OFFICERS, "answers": [], "problems": [], "photos": [], "questions": []}
FORMS = sorted(file.stem for file in shipped_folder().glob("*.yaml") if file.stem != "style")


@cache
def asked(form: str) -> frozenset[str]:
    """The names of all facts that a shipped form asks for."""
    return frozenset(PLACE.findall((shipped_folder() / f"{form}.yaml").read_text(encoding="utf-8")))


def order(form: str = "inspection_record", *, signers: tuple[Signer, ...] = SIGNERS, **known: Any) -> Order:
    """An order in which nothing is known but two officers and what is named."""
    is_draft = bool(known.pop("is_draft", False))
    facts = {**dict.fromkeys(asked(form)), **LISTS, **known}
    return Order(form, DAY, "示例-0001", ("示例市生态环境局",), facts, signers, DATED, is_draft)


def photo(**said: Any) -> dict[str, Any]:
    """A photo of which only what is named is known."""
    names = ("kind", "purpose", "caption", "taken_at", "where", "taker", "sha256")
    return {**dict.fromkeys(names), **said}


def problem(description: str) -> dict[str, Any]:
    """A problem with this description."""
    told = {"element": "废气", "severity": "较重", "found_at": "2026年3月5日14时05分", "basis": None}
    return {**told, "description": description}


def answer(question: str, note: str, part: str = "treatment") -> dict[str, Any]:
    """An answer to a checklist."""
    return {"part": part, "question": question, "answer": "否", "note": note}


def pages(pdf: bytes) -> list[str]:
    """What each page says, without white space."""
    return [re.sub(r"\s|\u200b", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def letters(text: str) -> Counter[str]:
    """How often each visible character occurs, compatibility forms counted as what they stand for."""
    return Counter(letter for letter in unicodedata.normalize("NFKC", text) if not letter.isspace())
