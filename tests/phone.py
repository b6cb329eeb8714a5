"""A phone of the cast: it keeps deeds, with or without signal, and sends them in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from liandong.kernel.clock import now
from liandong.kernel.ids import new_id
from liandong.wires.phone.frame import OF_NO_TASK, true_digest
from tests.seat import Body, Seat, digest
from tests.world import Person

STEP = timedelta(seconds=30)


class Phone:
    """The phone of one officer on one task. `outbox` holds the deeds in the order they were done."""

    def __init__(self, seat: Seat, task: Body | str, starts_at: datetime | None = None) -> None:
        self.seat = seat
        self.task_id = task if isinstance(task, str) else str(task["id"])
        self.clock = starts_at or now() - timedelta(minutes=30)
        self.inspection_id, self.problem_id = str(new_id()), str(new_id())
        self.outbox: list[Body] = []

    def note(self, kind: str, /, needs: Sequence[Body] = (), standing: Any = None, **payload: Any) -> Body:
        """A deed is in the outbox."""
        self.clock += STEP
        deed = {
            "id": str(new_id()),
            "kind": kind,
            **({} if kind in OF_NO_TASK else {"task_id": self.task_id}),
            "happened_at": self.clock.isoformat(),
            "device": {"id": f"示例手机 {self.seat.person.login}", "drift_ms": 0},
            "needs": [earlier["id"] for earlier in needs],
            "payload": payload,
        }
        if standing is not None:
            deed |= {"lon": standing[0], "lat": standing[1], "accuracy_m": 8.0}
        deed["digest"] = true_digest(deed)
        self.outbox.append(deed)
        return deed

    def accept(self) -> Body:
        """签收."""
        return self.note("accept_task")

    def arrive(self, place: Any = None, **more: Any) -> Body:
        """到达."""
        return self.note("arrive_on_site", standing=place, inspection_id=self.inspection_id, **more)

    def answer(self, element: str, item_key: str, answer: str, needs: Sequence[Body] = ()) -> Body:
        """An item of a checklist."""
        said = {"element": element, "item_key": item_key, "answer": answer}
        return self.note("answer_item", needs, inspection_id=self.inspection_id, **said)

    def photograph(self, content: bytes, purpose: str, needs: Sequence[Body] = (), **more: Any) -> Body:
        """A photo; its bytes travel apart."""
        said = {"sha256": digest(content), "purpose": purpose, "taken_at": self.clock.isoformat(), **more}
        return self.note("add_photo", needs, inspection_id=self.inspection_id, **said)

    def tell(self, content: bytes, place: Any = None, **more: Any) -> Body:
        """A neighbour is told of what was come upon, with a photo whose bytes travel apart."""
        said = {"description": "示例：沟渠有异味", "sha256": digest(content), "taken_at": self.clock.isoformat()}
        file = {"size": len(content), "media_type": "image/png"}
        return self.note("tell_neighbour", standing=place, **(said | file | more))

    def find(self, needs: Sequence[Body] = (), **more: Any) -> Body:
        """A problem."""
        said = {
            "element": "air",
            "severity": "major",
            "description": "示例：治理设施停运",
            "basis_key": "air.evasion",
            "problem_id": self.problem_id,
        }
        return self.note("find_problem", needs, inspection_id=self.inspection_id, **(said | more))

    def sign(self, content: bytes, officer: Person | None = None, needs: Sequence[Body] = (), **more: Any) -> Body:
        """An officer's signature, or the manager's."""
        who = {"signer": "manager", "signer_name": "示例厂长"}
        if officer is not None:
            who = {"signer": "officer", "signer_name": officer.name, "officer_id": str(officer.officer)}
        said = {"sha256": digest(content), **who, **more}
        return self.note("sign_inspection", needs, inspection_id=self.inspection_id, **said)

    def refuse_to_sign(self, needs: Sequence[Body] = (), **more: Any) -> Body:
        """The manager refuses, with the reason."""
        who = {"signer": "manager", "signer_name": "示例厂长", "is_refused": True, "refusal_reason": "示例：不在场"}
        return self.note("sign_inspection", needs, inspection_id=self.inspection_id, **(who | more))

    def show(self, *officers: Person, answer: str = "confirmed", **more: Any) -> Body:
        """亮证: these officers show their certificates, and the party says this to it."""
        said = {"officer_ids": [str(one.officer) for one in officers], "answer": answer, **more}
        return self.note("show_certificate", inspection_id=self.inspection_id, **said)

    def particulars(self, **said: Any) -> Body:
        """What the form of the record asks of the party and the site."""
        return self.note("record_particulars", inspection_id=self.inspection_id, **said)

    def interview(self, *officers: Person, interview_id: str, **more: Any) -> Body:
        """Somebody is asked by these officers."""
        said = {
            "interview_id": interview_id,
            "officer_ids": [str(one.officer) for one in officers],
            "person": {"name": "示例班长"},
            "questions": [{"asked": "示例：何时停运？", "answered": "示例：三月一日起。"}],
            "began_at": self.clock.isoformat(),
            "ended_at": (self.clock + STEP).isoformat(),
        }
        return self.note("record_interview", inspection_id=self.inspection_id, **(said | more))

    def amend(self, return_id: str, **more: Any) -> Body:
        """补正: what is added to a returned record, and why."""
        said = {"about": "air.facility_running", "words": "示例：废气经15米排气筒排放", "reason": "示例：现场漏记"}
        return self.note("amend_record", inspection_id=self.inspection_id, return_id=return_id, **(said | more))

    def hand_in_again(self, return_id: str, needs: Sequence[Body] = ()) -> Body:
        """The returned record is handed in again."""
        return self.note("resubmit_inspection", needs, inspection_id=self.inspection_id, return_id=return_id)

    def submit(self, needs: Sequence[Body] = ()) -> Body:
        """The visit is over."""
        said = {"conclusion": "示例：发现问题一个", "ended_at": (self.clock + STEP).isoformat()}
        return self.note("submit_inspection", needs, inspection_id=self.inspection_id, **said)

    async def send(self, deeds: Sequence[Body] | None = None) -> list[Body]:
        """The receipts for these deeds, or for the whole outbox, in the order they were sent."""
        answer = await self.seat.post("/deeds", {"deeds": list(self.outbox if deeds is None else deeds)})
        return list(answer["receipts"])

    async def did(self, *deeds: Body) -> None:
        """These deeds have been sent and each was done."""
        receipts = await self.send(deeds)
        assert [receipt["outcome"] for receipt in receipts] == ["accepted"] * len(deeds), receipts


async def visit(
    seat: Seat, task: Body | str, officers: Sequence[Person], *, finds: bool = True, starts_at: datetime | None = None
) -> Phone:
    """A whole visit has been made, signed and submitted, with one problem unless said otherwise."""
    phone = Phone(seat, task, starts_at)
    drawn = [f"示例签名 {officer.login}".encode() for officer in officers]
    for content in drawn:
        await seat.put_file(content)
    phone.arrive()
    if finds:
        phone.find()
    for officer, content in zip(officers, drawn, strict=True):
        phone.sign(content, officer)
    phone.refuse_to_sign()
    phone.submit()
    await phone.did(*phone.outbox)
    return phone
