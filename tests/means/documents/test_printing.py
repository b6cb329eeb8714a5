"""The printed paper: whole, the same each time, signed on every page, struck where it is blank."""

from __future__ import annotations

import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from liandong.demo.phone import sample_picture
from liandong.means.documents.fonts import typefaces
from liandong.means.documents.press import is_drawable
from liandong.means.documents.printing import Signer, print_document, print_pages
from tests.means.documents.papers import DATED, FORMS, SIGNERS, answer, order, pages, photo, problem

A4 = (595.3, 841.9)
PPI = 36
LEFT_MM, RIGHT_MM, SLACK_MM = 28, 22, 1.5
FOOT = re.compile(r"示例-0001第\d+页共\d+页\w+（勘察）笔录第1版式样")
SAID_ORDINARILY = ("Lo", "Lu", "Ll", "Nd", "Po", "Ps", "Pe", "Pi", "Pf", "Pd", "Sm")


def in_order(letter: str) -> bool:
    """Written left to right and standing by itself, so that what is read back must be what was written."""
    return unicodedata.bidirectional(letter) not in ("R", "AL") and not unicodedata.combining(letter)


LETTERS = sorted(
    letter
    for letter in map(chr, typefaces().shown)
    if unicodedata.category(letter) in SAID_ORDINARILY and in_order(letter)
)
CHINESE = [letter for letter in LETTERS if "\u4e00" <= letter <= "\u9fff"]
LATIN = [letter for letter in LETTERS if letter.isascii()]
TEXTS = st.one_of(
    st.text(st.sampled_from(CHINESE), max_size=3000),
    st.text(st.sampled_from(LATIN), max_size=1500),
    st.text(st.sampled_from(LETTERS), max_size=300),
    st.text(st.sampled_from("abcXYZ019"), max_size=800),
    st.text(st.sampled_from("（《“——……，。、；）》”"), max_size=300),
    st.lists(st.text(st.sampled_from(CHINESE + LATIN), max_size=60), max_size=30).map(" ".join),
)


def bare(text: str) -> str:
    """Without white space, compatibility forms as what they stand for: fonts share shapes among them."""
    return re.sub(r"\s|\u200b", "", unicodedata.normalize("NFKC", text))


def overflow(page: bytes) -> bool:
    """Whether anything but white stands in the margins left and right."""
    image = Image.open(io.BytesIO(page)).convert("L")
    box = ImageChops.invert(image).point(lambda shade: 255 if shade > 40 else 0).getbbox()
    assert box, "a page with nothing on it"
    mm = PPI / 25.4
    return box[0] < (LEFT_MM - SLACK_MM) * mm or box[2] > image.width - (RIGHT_MM - SLACK_MM) * mm


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_every_character_is_in_the_paper_in_order_and_inside_the_margins(name: str, said: str, noted: str) -> None:
    filled = order(
        signers=(),
        party_name=name,
        conclusion=said,
        answers=[answer("示例问题", noted)],
        problems=[problem(said)],
        photos=[photo(purpose=noted)],
    )
    printed = pages(print_document(filled))
    body = bare("".join(FOOT.sub("", bare(page)) for page in printed))
    for text in (name, said, noted):
        assert (bare(text) or "未记录") in body
    assert not any(overflow(page) for page in print_pages(filled, PPI))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_content_gives_the_same_bytes(form: str) -> None:
    first = print_document(order(form))
    print_document(order(form, place="别处"))
    assert print_document(order(form)) == first


def test_papers_printed_at_once_do_not_mix() -> None:
    places = [f"示例地点{number}号" for number in range(12)]
    alone = [print_document(order(place=place)) for place in places]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda place: print_document(order(place=place)), places)) == alone


def test_it_is_pdf_a_2b_on_a4() -> None:
    pdf = print_document(order())
    reader = PdfReader(io.BytesIO(pdf))
    declared = reader.xmp_metadata
    assert declared
    assert (declared.pdfaid_part, declared.pdfaid_conformance) == ("2", "B")
    assert all(tuple(round(float(side), 1) for side in page.mediabox[2:]) == A4 for page in reader.pages)
    assert reader.metadata
    assert reader.metadata.creation_date == DATED


def test_thirty_pages_are_numbered_signed_and_struck_at_the_end() -> None:
    pdf = print_document(
        order(problems=[problem(f"示例问题{number}：" + "治理设施停运。" * 60) for number in range(90)])
    )
    printed, reader = pages(pdf), PdfReader(io.BytesIO(pdf))
    assert len(printed) >= 30
    for number, page in enumerate(printed, 1):
        assert f"第{number}页共{len(printed)}页" in page
        assert page.count("执法人员签名") == 2
        assert "现场负责人签名：拒绝签名" in page
        assert len(reader.pages[number - 1].images) == 2
        assert ("（以下空白）" in page) == (number == len(printed))


def test_a_draft_says_so_on_every_page_and_a_record_on_none() -> None:
    long = [problem("治理设施停运。" * 200)]
    assert all("草稿" in page for page in pages(print_document(order(problems=long, is_draft=True))))
    assert not any("草稿" in page for page in pages(print_document(order(problems=long))))


def test_signatures_that_are_missing_or_cannot_be_read_are_told() -> None:
    torn = Signer("执法人员", "示例罗", DATED, sample_picture(1)[:-300])
    text = "".join(pages(print_document(order(signers=(SIGNERS[0], torn, Signer("现场负责人", ""))))))
    assert "签名图像无法读取" in text
    assert "现场负责人签名：未签名未记录" in text


def test_twenty_signers_with_long_names_fit() -> None:
    many = tuple(Signer("执法人员", "示例" * 25, DATED, sample_picture(1)) for _ in range(20))
    for page in print_pages(order(signers=many), PPI):
        assert not overflow(page)
    assert all(page.count("执法人员签名") == 20 for page in pages(print_document(order(signers=many))))


@pytest.mark.parametrize("torn", [b"", b"GIF89a" + bytes(60), sample_picture(1)[:40], b"\x89PNG\r\n\x1a\n" + bytes(60)])
def test_what_is_not_a_picture_is_not_drawn(torn: bytes) -> None:
    assert not is_drawable(torn)


def test_a_small_file_that_claims_to_be_huge_is_not_drawn() -> None:
    picture = sample_picture(1)
    assert is_drawable(picture)
    assert not is_drawable(picture[:16] + b"\x00\x00\xff\xff\x00\x00\xff\xff" + picture[24:])


def test_questions_and_answers_stand_in_the_interview_record() -> None:
    turns = [{"asked": f"第{number}个问题？", "answered": f"第{number}个回答。"} for number in range(40)]
    text = "".join(pages(print_document(order("interview_record", questions=turns, signers=()))))
    whole = re.sub(r"示例-0001第\d+页共\d+页调查询问笔录第1版式样", "", text)
    assert "".join(f"问：{turn['asked']}答：{turn['answered']}" for turn in turns) in whole
