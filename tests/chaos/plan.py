"""What will happen, drawn from a seed before anything does: visits, what is entered in each, and what is killed when.

The same seed gives the same plan, to the byte of every photo. What is not in the plan is the machine's own: how far an
act has come when a kill strikes it.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from liandong.demo.phone import sample_picture
from tests.chaos.link import Break, Fault

ITEMS = ("noise.permitted", "noise.within_limit", "noise.measures_working")
ANSWERS = ("yes", "no", "not_applicable")
SMALLEST, LARGEST = 2_000, 300_000  # bytes of a photo: a browser keeps small and large values in different ways
LONGEST_VISIT_S = 0.6
LONGEST_ABSENCE_S = 0.8
MOST_KILLS = 6


class Kind(StrEnum):
    """What is killed."""

    browser = "browser"  # the whole process group, SIGKILL
    reload = "reload"  # the page
    offline = "offline"  # the phone has no network for a while
    link_asking = "link_asking"
    link_answered = "link_answered"
    link_answering = "link_answering"
    link_silence = "link_silence"
    server = "server"  # SIGKILL
    worker = "worker"  # SIGKILL
    postgres = "postgres"  # SIGKILL of its postmaster, or an immediate stop: it must recover from its log


WEIGHTS = {
    Kind.browser: 20, Kind.reload: 15, Kind.offline: 9, Kind.link_asking: 12, Kind.link_answered: 14,
    Kind.link_answering: 6, Kind.link_silence: 4, Kind.server: 12, Kind.worker: 4, Kind.postgres: 4,
}  # fmt: skip


@dataclass(frozen=True)
class Kill:
    """One kill: how long after the visit goes on, for how long what was killed stays away, and which of several."""

    kind: Kind
    after_s: float
    away_s: float
    which: int
    fault: Fault | None = None


@dataclass(frozen=True)
class Picture:
    """A picture that shows nothing, with as many bytes behind it as a camera would make."""

    seed: int
    octets: int

    @cached_property
    def content(self) -> bytes:
        """The file."""
        return sample_picture(self.seed, 48, 32) + Random(self.seed).randbytes(self.octets)

    @cached_property
    def sha256(self) -> str:
        """Its digest, as nobody but this test computes it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Act:
    """One thing that an officer does in a visit; `key` names it in all books."""

    key: str
    kind: str
    payload: dict[str, Any]
    picture: Picture | None = None

    def as_json(self) -> dict[str, Any]:
        """What the phone is told to do."""
        picture = self.picture and {
            "base64": base64.b64encode(self.picture.content).decode(),
            "media_type": "image/png",
        }
        return {"key": self.key, "kind": self.kind, "payload": self.payload, "picture": picture}


@dataclass(frozen=True)
class Visit:
    """A visit and the kills that strike while it is entered."""

    number: int
    inspection_id: UUID
    problem_ids: tuple[UUID, ...]
    acts: tuple[Act, ...]
    kills: tuple[Kill, ...] = field(default=())


@dataclass(frozen=True)
class Officer:
    """Who signs."""

    id: str
    name: str


@dataclass
class Plan:
    """All visits, in order. `more` draws one visit more, without kills, for faults that have not struck yet."""

    seed: int
    officers: tuple[Officer, ...]
    kills: int
    visits: list[Visit] = field(init=False)

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)
        self.visits = []
        left = self.kills
        while left > 0:
            drawn = tuple(self._kill() for _ in range(min(left, self._dice.randint(1, MOST_KILLS))))
            self.visits.append(self._visit(drawn))
            left -= len(drawn)

    def more(self) -> Visit:
        """Another visit of the plan."""
        self.visits.append(self._visit(()))
        return self.visits[-1]

    @property
    def by_kind(self) -> Counter[Kind]:
        """How many kills of each kind."""
        return Counter(kill.kind for visit in self.visits for kill in visit.kills)

    def _kill(self) -> Kill:
        dice = self._dice
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        after_s, away_s = dice.uniform(0, LONGEST_VISIT_S), dice.uniform(0.05, LONGEST_ABSENCE_S)
        fault = None
        if kind.startswith("link_"):
            silence_s = away_s if kind is Kind.link_silence else 0.0
            octets = round(10 ** dice.uniform(0, 5))  # as often in the first bytes as far into a photo
            fault = Fault(Break(kind.removeprefix("link_")), dice.randint(0, 2), octets, silence_s)
        return Kill(kind, after_s, away_s, dice.randint(0, 1), fault)

    def _visit(self, kills: tuple[Kill, ...]) -> Visit:
        number, inspection_id = len(self.visits) + 1, self._id()
        problem_ids = tuple(self._id() for _ in range(self._dice.randint(0, 2)))
        make = Maker(f"V{number:04d}", self._dice, self.officers)
        return Visit(number, inspection_id, problem_ids, tuple(make.acts(inspection_id, problem_ids)), kills)

    def _id(self) -> UUID:
        return UUID(int=self._dice.getrandbits(128), version=4)


@dataclass
class Maker:
    """The acts of one visit, in the order in which the officer does them."""

    name: str
    dice: Random
    officers: tuple[Officer, ...]
    _made: int = 0

    def acts(self, inspection_id: UUID, problem_ids: tuple[UUID, ...]) -> list[Act]:
        """From signing for the task to handing in the record."""
        about = {"inspection_id": str(inspection_id)}
        middle = [self._answer(item) for item in self.dice.sample(ITEMS, self.dice.randint(1, len(ITEMS)))]
        middle += [self._photo(None) for _ in range(self.dice.randint(0, 2))]
        self.dice.shuffle(middle)
        for problem_id in problem_ids:
            middle += [self._problem(problem_id), *(self._photo(problem_id) for _ in range(self.dice.randint(0, 2)))]
        first = [self._act("accept_task"), self._act("arrive_on_site", officer_ids=[one.id for one in self.officers])]
        last = [*self._signatures(), self._act("submit_inspection", conclusion=f"示例结论 {self.name}")]
        return [
            first[0],
            *(Act(one.key, one.kind, about | one.payload, one.picture) for one in first[1:] + middle + last),
        ]

    def _act(self, kind: str, picture: Picture | None = None, **payload: Any) -> Act:
        self._made += 1
        return Act(f"{self.name}-{self._made:02d}-{kind}", kind, payload, picture)

    def _answer(self, item: str) -> Act:
        note = f"示例备注 {self.name} {item}"
        return self._act("answer_item", element="noise", item_key=item, answer=self.dice.choice(ANSWERS), note=note)

    def _photo(self, problem_id: UUID | None) -> Act:
        size = round(SMALLEST * (LARGEST / SMALLEST) ** self.dice.random())
        picture = Picture(self.dice.getrandbits(30), size)
        about = {} if problem_id is None else {"problem_id": str(problem_id)}
        purpose = f"示例证明 {self.name} {self._made}"
        return self._act("add_photo", picture, sha256=picture.sha256, purpose=purpose, **about)

    def _problem(self, problem_id: UUID) -> Act:
        said = {"element": "noise", "severity": "minor", "description": f"示例问题 {self.name} {self._made}"}
        return self._act("find_problem", problem_id=str(problem_id), **said)

    def _signatures(self) -> list[Act]:
        signed = [self._sign("officer", one.name, officer_id=one.id) for one in self.officers]
        if self.dice.random() < 0.3:
            refusal = {"is_refused": True, "refusal_reason": f"示例原因 {self.name}"}
            return [*signed, self._act("sign_inspection", signer="manager", signer_name="示例厂长", **refusal)]
        return [*signed, self._sign("manager", "示例厂长")]

    def _sign(self, signer: str, name: str, **more: Any) -> Act:
        picture = Picture(self.dice.getrandbits(30), self.dice.randint(200, 4000))
        said = {"signer": signer, "signer_name": name, "is_refused": False, "sha256": picture.sha256}
        return self._act("sign_inspection", picture, **said, **more)
