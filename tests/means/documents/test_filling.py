"""A form is filled with facts and with nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liandong.kernel.errors import Broken
from liandong.kernel.settings import settings
from liandong.means.documents import forms
from liandong.means.documents.filling import fill, runs, said
from liandong.means.documents.printing import print_document
from liandong.means.documents.shapes import FormVersion
from tests.means.documents.papers import DAY, FORMS, order, pages


def version(*blocks: dict[str, Any]) -> FormVersion:
    told = {"version": 1, "valid_from": "2021-07-15", "status": "unconfirmed", "source": "示例", "blocks": blocks}
    return msgspec.convert(told, FormVersion)


def shown(text: str, **facts: Any) -> str:
    return "".join(run["text"] for run in runs(text, facts))


@pytest.mark.parametrize("nothing", [None, "", "  \n", "\u200b"])
def test_what_was_not_recorded_says_so(nothing: str | None) -> None:
    assert shown("生产情况：{production}。", production=nothing) == "生产情况：未记录。"


def test_what_is_filled_in_is_told_from_the_wording() -> None:
    assert runs("至{ended_at}止", {"ended_at": "15时"}) == [
        {"text": "至", "filled": False}, {"text": "15时", "filled": True}, {"text": "止", "filled": False},
    ]  # fmt: skip


def test_a_fact_is_never_read_as_a_form() -> None:
    assert (
        shown("{conclusion}", conclusion="{secret} #set text(red) $x$ *粗* \\ ")
        == "{secret} #set text(red) $x$ *粗* \\"
    )


def test_a_form_that_asks_for_what_nobody_knows_is_broken() -> None:
    with pytest.raises(Broken) as raised:
        fill(version({"block": "text", "text": "{weather}"}), {})
    assert (raised.value.code, raised.value.values) == ("documents.fact_unknown", {"fact": "weather"})


def test_entries_are_counted_chosen_and_missed() -> None:
    facts = {"answers": [{"part": "a", "note": "一"}, {"part": "b", "note": "二"}, {"part": "b", "note": None}]}
    chosen = {"block": "list", "of": "answers", "where": {"part": ["b"]}, "item": "{n}.{note}"}
    absent = {"block": "list", "of": "answers", "where": {"part": ["c"]}, "item": "{note}", "none": "没有"}
    first, second = fill(version(chosen, absent), facts)
    assert ["".join(run["text"] for run in item) for item in first["items"]] == ["1.二", "2.未记录"]
    assert second["items"] == [[{"text": "没有", "filled": True}]]


def test_zero_is_a_fact() -> None:
    assert said(0) == "0"


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_forms_fit_their_shape_on_the_day(form: str) -> None:
    found, current = forms.find_form(form, DAY)
    assert found.key == form
    assert current.valid_from <= DAY


def test_a_form_has_no_paper_for_days_before_it() -> None:
    with pytest.raises(Broken) as raised:
        forms.find_form("inspection_record", DAY.replace(year=1990))
    assert raised.value.code == "documents.form_missing"


@pytest.fixture
def own_forms() -> Any:
    """The folder for the bureau's own forms, empty before and after."""
    folder = settings().home_folder / "documents"
    folder.mkdir(parents=True)
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_a_bureau_edits_a_form_without_code(own_forms: Path) -> None:
    shipped = (forms.shipped_folder() / "inspection_record.yaml").read_text(encoding="utf-8")
    file = own_forms / "inspection_record.yaml"
    file.write_text(shipped.replace("检查结论", "本局结论"), encoding="utf-8")
    assert "本局结论：停运" in "".join(pages(print_document(order(conclusion="停运"))))
    file.write_text(shipped.replace("检查结论", "再改结论"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert "再改结论：停运" in "".join(pages(print_document(order(conclusion="停运"))))


def test_a_layout_that_typst_refuses_is_told(own_forms: Path) -> None:
    (own_forms / "layout.typ").write_text("#nothing-of-this-name", encoding="utf-8")
    with pytest.raises(Broken) as raised:
        print_document(order())
    assert raised.value.code == "documents.layout_failed"
    assert "nothing-of-this-name" in raised.value.values["reason"]
