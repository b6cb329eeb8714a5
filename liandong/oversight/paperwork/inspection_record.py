"""现场检查（勘察）笔录: the facts of a visit as its form asks for them. What nobody recorded is None and says 未记录."""

from __future__ import annotations

from typing import Any

from liandong.means.documents.filling import Facts
from liandong.means.documents.printing import Order, Signer
from liandong.means.documents.words import minute, position
from liandong.means.evidence.tables import Evidence
from liandong.oversight.paperwork.people import agencies, officers, recorder, refusal, review, said, signers
from liandong.oversight.paperwork.sampling import sampling
from liandong.oversight.paperwork.visit import Visit
from liandong.registers import law
from liandong.work.inspections.states import InspectionState
from liandong.work.inspections.tables import ChecklistAnswer
from liandong.work.problems.tables import Problem

FORM = "inspection_record"
PROCEDURES = frozenset({"permit", "construction"})
NOTHING_TO_SAY = "—"
ON_THE_PHONE = "（原件仍在手机上，待传到）"
PARTICULARS = (
    "legal_person", "manager_age", "manager_post", "manager_phone", "manager_identity", "manager_relation",
    "participants", "production",
)  # fmt: skip
# Nobody asks for this yet; a form may already name it.
NOT_ASKED = ("sampling",)


def inspection_record(visit: Visit) -> Order:
    """The 笔录 of a visit; a draft until the visit is submitted."""
    inspection = visit.inspection
    return Order(
        form=FORM,
        on=inspection.inspected_on,
        number=inspection.number,
        agencies=agencies(visit),
        facts=_facts(visit),
        signers=_signers(visit),
        dated=inspection.ended_at or inspection.arrived_at,
        is_draft=inspection.state == InspectionState.open,
    )


def _facts(visit: Visit) -> Facts:
    inspection, manager = visit.inspection, visit.manager
    return {
        **dict.fromkeys(NOT_ASKED),
        **{name: said(visit.particulars.get(name)) for name in PARTICULARS},
        **_party(visit),
        **recorder(visit, visit.particulars.get("recorder_id")),
        "began_at": minute(inspection.arrived_at),
        "ended_at": minute(inspection.ended_at),
        "position": _position(visit),
        "manager_name": visit.particulars.get("manager_name") or (manager.signer_name if manager else None),
        "badge_confirmed": badge_shown(visit),
        "rights_confirmed": visit.particulars.get("rights"),
        "agencies": "、".join(agencies(visit)) or None,
        "officers": officers(visit.inspectors),
        "answers": [_answer(visit, one) for one in visit.answers],
        "problems": [_problem(one) for one in visit.problems],
        "photos": [_photo(one, one.sha256 in visit.arrived) for one in visit.photos],
        "sampling": sampling(visit),
        "conclusion": inspection.conclusion or visit.particulars.get("conclusion"),
        "review": review(manager),
        "refusal": refusal(manager),
    }  # fmt: skip


def _party(visit: Visit) -> dict[str, str | None]:
    source, enterprise = visit.source, visit.enterprise
    permit = source.permit_class if source else None
    return {
        "place": source.address if source else None,
        "party_name": enterprise.name if enterprise else source.name if source else None,
        "party_uscc": (enterprise.uscc if enterprise else None) or (source.uscc if source else None),
        "party_address": source.address if source else None,
        "permit_code": source.permit_code if source else None,
        "permit_class": law.label(f"permit_class.{permit}") if permit else None,
    }


def _position(visit: Visit) -> str | None:
    """Where the device said the officers stood, how sure that was, and how far from the source."""
    inspection = visit.inspection
    where = position(inspection.lon, inspection.lat)
    if where is None:
        return None
    parts = [where]
    if inspection.accuracy_m is not None:
        parts.append(f"误差约{inspection.accuracy_m:.0f}米")
    if inspection.distance_m is not None:
        parts.append(f"距污染源登记位置约{inspection.distance_m:.0f}米")
    return "，".join(parts)


def badge_shown(visit: Visit) -> str | None:
    """When the certificates were shown, and what the party said to it."""
    shown = visit.last("show_certificate")
    if shown is None:
        return None
    answer, note = law.label(f"show_answer.{shown.content['answer']}"), shown.content.get("note")
    return f"{minute(shown.said_at)}出示，当事人{answer}{f'：{note}' if note else ''}"


def _answer(visit: Visit, answer: ChecklistAnswer) -> dict[str, str]:
    """An answer with its question; one that the list no longer has is named by its key rather than left out."""
    item = law.checklist(answer.element, on=visit.inspection.inspected_on).item(answer.item_key)
    element = item.element if item else answer.element
    return {
        "part": "procedures" if element in PROCEDURES else "treatment",
        "question": item.text if item else answer.item_key,
        "answer": law.label(f"answer.{answer.answer}"),
        "note": answer.note or NOTHING_TO_SAY,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    """What was found on site. What was ordered afterwards is not part of the visit's record."""
    return {
        "number": problem.number,
        "element": law.label(f"element.{problem.element}"),
        "severity": law.label(f"severity.{problem.severity}"),
        "description": problem.description,
        "found_at": minute(problem.found_at),
        "basis": (problem.basis or {}).get("cite"),
    }


def _kind(item: Evidence) -> str:
    """What kind of evidence it is, and how long it runs where it does."""
    length_s = (item.details or {}).get("length_s")
    word = law.label(f"evidence.kind.{item.kind}")
    return word if length_s is None else f"{word}（{length_s}秒）"


def _photo(item: Evidence, has_arrived: bool) -> dict[str, str | None]:
    """A photo as it was sealed; one whose original is still on the phone says so beside its digest."""
    return {
        "kind": _kind(item),
        "purpose": item.purpose,
        "caption": item.caption,
        "taken_at": minute(item.taken_at),
        "where": position(item.lon, item.lat),
        "taker": item.taker_name,
        "sha256": item.sha256 if has_arrived else f"{item.sha256}{ON_THE_PHONE}",
    }


def _signers(visit: Visit) -> tuple[Signer, ...]:
    named = visit.particulars.get("manager_name") or ""
    return signers(visit, visit.signatures, "现场负责人", named)
