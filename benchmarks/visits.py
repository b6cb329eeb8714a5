"""Whole visits as a phone keeps them: made before the clock starts, sent as one batch of deeds each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson

from benchmarks.stage import Errand
from liandong.demo.phone import Phone, sample_picture
from liandong.kernel.clock import beijing_today
from liandong.kernel.ids import new_id
from liandong.registers import law

SIGNERS = 3
"""Two officers and the manager of the site."""


def shape(errands: list[Errand]) -> dict[str, Any]:
    """What one submission is made of, in words and numbers."""
    items = [len(law.checklist(errand.element, on=beijing_today()).items) for errand in errands]
    fewest, most = min(items), max(items)
    return {
        "words": "accept, arrive, the whole checklist of the source's first element, one problem, "
        "two officers' and the manager's signature, submit; one POST /api/deeds",
        "checklist_items": [fewest, most],
        "deeds": round(sum(items) / len(items) + 4 + SIGNERS, 1),
        "photos": 0,
    }


async def keep_signature(http: httpx.AsyncClient, token: str) -> str:
    """The digest of the signature picture that every visit here is signed with; it is on the server afterwards."""
    phone = Phone(http, token, str(new_id()), 0.0, 0.0)
    return await phone.keep_file(sample_picture(7, 200, 80))


def visit(http: httpx.AsyncClient, errand: Errand, signature: str) -> list[dict[str, Any]]:
    """The deeds of a whole visit that has just ended."""
    phone = Phone(http, errand.pair.token, str(errand.task_id), errand.lon, errand.lat)
    phone.at = datetime.now(UTC) - timedelta(minutes=55)
    phone.do("accept_task", {})
    phone.at += timedelta(minutes=20)
    phone.do("arrive_on_site", {"inspection_id": phone.inspection_id})
    for item in law.checklist(errand.element, on=beijing_today()).items:
        phone.at += timedelta(seconds=20)
        phone.in_visit("answer_item", {"element": errand.element, "item_key": item.key, "answer": "yes"})
    phone.at += timedelta(minutes=5)
    _find(phone, errand.element)
    phone.at += timedelta(minutes=5)
    for officer_id in errand.pair.officer_ids:
        said = {"signer": "officer", "officer_id": officer_id, "signer_name": "示例测速", "sha256": signature}
        phone.in_visit("sign_inspection", said)
    phone.in_visit("sign_inspection", {"signer": "manager", "signer_name": "示例负责人", "sha256": signature})
    phone.at += timedelta(minutes=1)
    phone.in_visit("submit_inspection", {"conclusion": "检查完毕（示例）", "ended_at": phone.at})
    return phone.outbox


def _find(phone: Phone, element: str) -> None:
    basis = law.problem_bases(element, on=beijing_today())[0]
    phone.in_visit(
        "find_problem",
        {"problem_id": new_id(), "element": element, "severity": "major", "description": "治理设施未正常运行（示例）",
         "basis_key": basis.key, "rectify_by_on": str(beijing_today() + timedelta(days=15)),
         "requirement": "立即整改（示例）"},
    )  # fmt: skip


def body(deeds: list[dict[str, Any]]) -> bytes:
    """The deeds as they go over the wire."""
    return orjson.dumps({"deeds": deeds})
