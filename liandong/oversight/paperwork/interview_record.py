"""调查询问笔录: an interview as its form asks for it. What nobody recorded is None and says 未记录."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from liandong.kernel.errors import Refused
from liandong.means.documents.filling import Facts
from liandong.means.documents.printing import Order
from liandong.means.documents.words import minute
from liandong.oversight.paperwork.people import officers, recorder, refusal, review, said, signers
from liandong.oversight.paperwork.visit import Visit
from liandong.registers import law
from liandong.work.inspections.states import InspectionState
from liandong.work.inspections.tables import VisitEntry

FORM = "interview_record"
PERSON = ("name", "age", "phone", "identity", "employer", "post", "relation", "address")
CORRECTED = "核对笔录时，被询问人要求更正、补充："


def interview_record(visit: Visit, interview_id: UUID) -> Order:
    """The 笔录 of an interview in a visit; a draft until the visit is submitted.

    Raises    kernel.not_found
    """
    entry = visit.interviews.get(interview_id)
    if entry is None:
        raise Refused("kernel.not_found")
    given = visit.interview_signatures.get(interview_id, {})
    ids = [UUID(one) for one in entry.content["officer_ids"]]
    asking = [one for one in visit.inspectors if one.id in ids]
    agencies = tuple(dict.fromkeys(one.agency for one in asking))
    facts = {
        **_facts(visit, entry),
        "officers": officers(asking),
        "agencies": "、".join(agencies) or None,
        "review": review(given.get(None)),
        "refusal": refusal(given.get(None)),
    }
    return Order(
        form=FORM,
        on=visit.inspection.inspected_on,
        number=f"{visit.inspection.number}-XW{list(visit.interviews).index(interview_id) + 1}",
        agencies=agencies,
        facts=facts,
        signers=signers(visit, given, "被询问人", entry.content["person"]["name"], ids),
        dated=datetime.fromisoformat(entry.content["ended_at"]),
        is_draft=visit.inspection.state == InspectionState.open,
    )


def _facts(visit: Visit, entry: VisitEntry) -> Facts:
    told, person = entry.content, entry.content["person"]
    sex = person.get("sex")
    return {
        **{f"person_{name}": said(person.get(name)) for name in PERSON},
        "person_sex": law.label(f"sex.{sex}") if sex else None,
        **recorder(visit, told.get("recorder_id")),
        "participants": None,
        "began_at": minute(datetime.fromisoformat(told["began_at"])),
        "ended_at": minute(datetime.fromisoformat(told["ended_at"])),
        "place": told.get("place"),
        "cause": told.get("cause"),
        "badge_confirmed": told.get("badge"),
        "rights_confirmed": told.get("rights"),
        "questions": [*told["questions"], *_corrections(told)],
        "service_address": told.get("service_address"),
    }


def _corrections(told: dict[str, Any]) -> list[dict[str, str]]:
    """What was corrected stands at the end, beside what was said first."""
    return [
        {
            "asked": CORRECTED,
            "answered": f"原记为“{one['was']}”，更正为：{one['now']}" if one.get("was") else one["now"],
        }
        for one in told.get("corrections", [])
    ]
