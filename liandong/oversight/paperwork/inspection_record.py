"""现场检查（勘察）笔录: the facts of a visit as its form asks for them. What nobody recorded is None and says 未记录."""

from __future__ import annotations

from typing import Any

from liandong.means.documents.filling import Facts
from liandong.means.documents.printing import Order, Signer
from liandong.means.documents.words import minute, position
from liandong.means.evidence.tables import Evidence
from liandong.oversight.paperwork.sampling import sampling
from liandong.oversight.paperwork.visit import Visit
from liandong.registers import law
from liandong.work.inspections.states import InspectionState
from liandong.work.inspections.tables import ChecklistAnswer, Signature
from liandong.work.problems.tables import Problem

FORM = "inspection_record"
PROCEDURES = frozenset({"permit", "construction"})
NOTHING_TO_SAY = "—"
# The phone does not ask for these yet; a form may already name them.
NOT_ASKED = (
    "legal_person", "manager_age", "manager_post", "manager_phone", "manager_identity", "manager_relation",
    "recorder_name", "recorder_certificate", "participants", "badge_confirmed", "rights_confirmed", "production",
)  # fmt: skip


def inspection_record(visit: Visit) -> Order:
    """The 笔录 of a visit; a draft until the visit is submitted."""
    inspection = visit.inspection
    return Order(
        form=FORM,
        on=inspection.inspected_on,
        number=inspection.number,
        agencies=_agencies(visit),
        facts=_facts(visit),
        signers=_signers(visit),
        dated=inspection.ended_at or inspection.arrived_at,
        is_draft=inspection.state == InspectionState.open,
    )


def _agencies(visit: Visit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.agency for one in visit.inspectors))


def _facts(visit: Visit) -> Facts:
    inspection, manager = visit.inspection, visit.manager
    return {
        **dict.fromkeys(NOT_ASKED),
        **_party(visit),
        "began_at": minute(inspection.arrived_at),
        "ended_at": minute(inspection.ended_at),
        "position": _position(visit),
        "manager_name": manager.signer_name if manager else None,
        "agencies": "、".join(_agencies(visit)) or None,
        "officers": [{"name": one.name, "agency": one.agency, "certificate": one.certificate}
                     for one in visit.inspectors],
        "answers": [_answer(visit, one) for one in visit.answers],
        "problems": [_problem(one) for one in visit.problems],
        "photos": [_photo(one) for one in visit.photos],
        "sampling": sampling(visit),
        "conclusion": inspection.conclusion,
        "review": _review(manager),
        "refusal": _refusal(manager),
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


def _photo(item: Evidence) -> dict[str, str | None]:
    return {
        "kind": _kind(item),
        "purpose": item.purpose,
        "caption": item.caption,
        "taken_at": minute(item.taken_at),
        "where": position(item.lon, item.lat),
        "taker": item.taker_name,
        "sha256": item.sha256,
    }


def _review(manager: Signature | None) -> str | None:
    if manager is None or manager.is_refused:
        return None
    return f"{manager.signer_name}于{minute(manager.signed_at)}签名（见各页页脚）"


def _refusal(manager: Signature | None) -> str | None:
    if manager is None:
        return None
    if not manager.is_refused:
        return "无"
    return f"{manager.signer_name}于{minute(manager.signed_at)}拒绝签名，理由：{manager.refusal_reason}"


def _signers(visit: Visit) -> tuple[Signer, ...]:
    officers = [
        _signer("执法人员", f"{one.name}　{one.certificate or ''}", visit.signatures.get(one.id), visit)
        for one in visit.inspectors
    ]
    manager = visit.manager
    return (*officers, _signer("现场负责人", manager.signer_name if manager else "", manager, visit))


def _signer(role: str, name: str, given: Signature | None, visit: Visit) -> Signer:
    if given is None:
        return Signer(role, name)
    picture = visit.drawn.get(given.sha256) if given.sha256 else None
    return Signer(role, name, given.signed_at, picture, given.is_refused)
