"""Three books of the same visits: what the app acknowledged, what the servers hold, what the phone shows."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from liandong.kernel import blobs, ledger
from liandong.kernel.db import Database
from liandong.kernel.db import Role as Side
from tests.chaos.phone import Phone
from tests.chaos.plan import Act, Visit
from tests.chaos.site import Site
from tests.seat import Seat

Effect = tuple[str, ...]
"""What one act leaves behind, in words that can be compared: its kind, where it belongs, what it says."""
FETCHED_AT_ONCE = 8


@dataclass(frozen=True)
class Told:
    """One act that the app was told to keep, and the task that it belongs to."""

    act: Act
    task_id: str
    inspection_id: str

    @property
    def effect(self) -> Effect:
        """What must be found on the servers."""
        said, file = self.act.payload, self.act.picture.sha256 if self.act.picture else ""
        visit = self.inspection_id
        effects: dict[str, Callable[[], Effect]] = {
            "accept_task": lambda: (self.task_id,),
            "arrive_on_site": lambda: (visit, self.task_id),
            "answer_item": lambda: (visit, said["item_key"], said["answer"], said["note"]),
            "add_photo": lambda: (visit, file, said["purpose"], said.get("problem_id", ""), file),
            "find_problem": lambda: (visit, said["problem_id"], said["description"]),
            "sign_inspection": lambda: (
                visit, said["signer"], said["signer_name"], said.get("officer_id", ""),
                said.get("refusal_reason", ""), file,
            ),
            "submit_inspection": lambda: (visit, said["conclusion"]),
        }  # fmt: skip
        return (self.act.kind, *effects[self.act.kind]())


FACTS = {
    "accept_task": ["TaskAccepted"],
    "arrive_on_site": ["InspectionBegun", "OfficersArrived"],
    "answer_item": ["ChecklistAnswered"],
    "add_photo": ["EvidenceSealed"],
    "find_problem": ["ProblemFound"],
    "sign_inspection": ["InspectionSigned"],
    "submit_inspection": ["InspectionSubmitted", "TaskReported"],
}
"""The facts that each kind of deed puts on the ledger, once; answers given in a row stand in one fact, each once."""


def told_of(visits: Sequence[Visit], tasks: Sequence[str]) -> list[Told]:
    """Everything that the app was told to keep."""
    return [
        Told(act, task_id, str(visit.inspection_id))
        for visit, task_id in zip(visits, tasks, strict=False)
        for act in visit.acts
    ]


@dataclass
class Journal:
    """What the app acknowledged: by key of the act, the deed's id and digest; and where it contradicted itself."""

    kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


@dataclass
class ServerBook:
    """What the servers hold. `deeds` are those that were accepted, by id and digest; `facts` counts by task and name."""

    effects: Counter[Effect]
    facts: Counter[tuple[str, str]]
    deeds: set[tuple[str, str]]
    breaks: list[str]
    public_key: str


@dataclass
class PhoneBook:
    """What the phone holds and shows: its rows as they are in the store, and the line that is always in sight."""

    deeds: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    files: list[dict[str, Any]]
    drafts: list[str]
    strip: str


async def phone_book(phone: Phone) -> PhoneBook:
    """Everything on the phone, read after the app was started once more."""
    await phone.reload()
    await phone.ready()
    strip = phone.page.locator("[data-test=outbox]")
    await phone.page.locator("[data-test=outbox]", has_text="本机").wait_for()
    return PhoneBook(**await phone.ask("book"), strip=await strip.inner_text())


async def server_book(site: Site) -> ServerBook:
    """Everything that the servers hold about the visits; every file was fetched and hashed."""
    async with httpx.AsyncClient(base_url=site.servers[0].address, timeout=60) as http:
        seat = Seat(http, site.world.east.lin)
        public_key = (await seat.get("/deeds/key"))["public_key"]
        effects = await _effects(site, seat)
    async with site.db.transaction(Side.worker, snapshot=True) as session:
        rows = await session.execute(text("SELECT id::text, digest FROM deed WHERE outcome = 'accepted'"))
        deeds = {(row[0], row[1]) for row in rows}
        facts = await session.execute(_FACTS)
        counted = Counter((row[0], row[1]) for row in facts)
        _, breaks = await ledger.verify(session)
    return ServerBook(effects, counted, deeds, breaks, public_key)


_FACTS = text(
    "SELECT task_id::text, name FROM ledger_fact CROSS JOIN LATERAL generate_series(1,"
    " CASE name WHEN 'ChecklistAnswered' THEN jsonb_array_length(payload->'answers') ELSE 1 END) AS each"
    " WHERE task_id IS NOT NULL"
)
_HELD = {
    "accept_task": "SELECT task_id::text FROM ledger_fact WHERE name = 'TaskAccepted'",
    "arrive_on_site": "SELECT id::text, task_id::text FROM inspection",
    "answer_item": "SELECT inspection_id::text, item_key, answer, note FROM checklist_answer",
    "find_problem": "SELECT inspection_id::text, id::text, description FROM problem",
    "submit_inspection": "SELECT id::text, conclusion FROM inspection WHERE submitted_at IS NOT NULL",
}
_PHOTOS = """SELECT inspection_id::text, sha256, purpose, coalesce(problem_id::text, ''), id::text FROM evidence
             WHERE inspection_id IS NOT NULL"""
_SIGNATURES = """SELECT inspection_id::text, signer, signer_name, coalesce(officer_id::text, ''),
                        coalesce(refusal_reason, ''), coalesce(sha256, '') FROM signature"""


async def _effects(site: Site, seat: Seat) -> Counter[Effect]:
    found: list[Effect] = []
    for kind, question in _HELD.items():
        found += [(kind, *row) for row in await _rows(site.db, question)]
    photos = await _rows(site.db, _PHOTOS)
    hashed = await _hashed(seat, [row[-1] for row in photos])
    found += [("add_photo", *row[:-1], hashed[row[-1]]) for row in photos]
    found += [("sign_inspection", *row) for row in await _signatures(site)]
    return Counter(found)


async def _rows(db: Database, question: str) -> list[Effect]:
    async with db.transaction(Side.worker) as session:
        return [tuple(row) for row in await session.execute(text(question))]


async def _hashed(seat: Seat, evidence_ids: Sequence[str]) -> dict[str, str]:
    """The digest of each file as it is served to the officer who took it."""
    few = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def _fetch(evidence_id: str) -> str:
        async with few:
            answer = await seat.ask("GET", f"/evidence/{evidence_id}/file")
        return hashlib.sha256(answer.content).hexdigest() if answer.is_success else f"HTTP {answer.status_code}"

    return dict(zip(evidence_ids, await asyncio.gather(*map(_fetch, evidence_ids)), strict=True))


async def _signatures(site: Site) -> list[Effect]:
    """Signatures, each with the digest of its file as it lies in the store."""
    rows = await _rows(site.db, _SIGNATURES)
    return [(*row[:-1], _digest_in(site.home / "blobs", row[-1])) for row in rows]


def _digest_in(store: Path, sha256: str) -> str:
    if sha256 == "":
        return ""
    file = store / blobs.path(sha256)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else f"missing {sha256}"
