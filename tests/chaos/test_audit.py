"""The auditor can fail: books in which nothing is wrong pass, and whatever is taken away, added or changed is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from liandong.kernel import canonical
from tests.chaos.audit import Books, audit
from tests.chaos.books import FACTS, Journal, PhoneBook, ServerBook, Told, told_of
from tests.chaos.plan import Officer, Plan

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
OFFICERS = (Officer(str(UUID(int=1)), "示例林"), Officer(str(UUID(int=2)), "示例罗"))
SEED = 1


def signed(receipt: dict[str, Any], key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    said = {name: value for name, value in receipt.items() if name != "signature"}
    return said | {"signature": key.sign(canonical.canonical_bytes(said)).hex()}


def row_of(number: int, told: Told) -> dict[str, Any]:
    deed: dict[str, Any] = {"id": str(UUID(int=1000 + number)), "kind": told.act.kind, "payload": told.act.payload}
    deed["digest"] = canonical.digest(deed)
    return {"id": deed["id"], "kind": told.act.kind, "state": "accepted", "problem": None, "deed": deed}


@pytest.fixture
def books() -> Books:
    """Several visits in which everything went well."""
    visits = Plan(SEED, OFFICERS, 12).visits
    told = told_of(visits, [f"task {visit.number}" for visit in visits])
    rows = [row_of(number, one) for number, one in enumerate(told)]
    deeds = [(row["id"], row["deed"]["digest"]) for row in rows]
    receipt = {"outcome": "accepted", "received_at": "2026-01-01T00:00:00Z", "problem": None}
    receipts = [{"receipt": signed(receipt | {"deed_id": id_, "digest": digest})} for id_, digest in deeds]
    pictures = [one.act.picture.sha256 for one in told if one.act.picture]
    return Books(
        told,
        Journal(kept={one.act.key: deed for one, deed in zip(told, deeds, strict=True)}),
        ServerBook(
            Counter(one.effect for one in told),
            Counter((one.task_id, name) for one in told for name in FACTS[one.act.kind]),
            set(deeds), [], PUBLIC,
        ),
        PhoneBook(
            rows, receipts, [{"sha256": one, "holds": one} for one in pictures], [],
            f"本机 {len(rows)} · 已签收 {len(rows)} · 未签收 0",
        ),
    )  # fmt: skip


def first(books: Books, kind: str) -> Told:
    return next(one for one in books.told if one.act.kind == kind)


def deed_of(books: Books, kind: str) -> tuple[str, str]:
    return books.journal.kept[first(books, kind).act.key]


def kinds(books: Books) -> set[str]:
    return {finding.kind for finding in audit(books)}


def test_books_in_order_have_no_finding(books: Books) -> None:
    assert {one.act.kind for one in books.told} == set(FACTS)
    assert audit(books) == []


@pytest.mark.parametrize("kind", FACTS)
def test_what_was_acknowledged_and_is_not_done_is_lost(books: Books, kind: str) -> None:
    books.server.effects[first(books, kind).effect] -= 1
    assert "lost" in kinds(books)


@pytest.mark.parametrize("kind", FACTS)
def test_what_is_done_twice_is_doubled(books: Books, kind: str) -> None:
    books.server.effects[first(books, kind).effect] += 1
    assert kinds(books) == {"doubled"}


@pytest.mark.parametrize("kind", FACTS)
def test_what_was_never_acknowledged_may_be_missing_everywhere_and_may_be_there_once(books: Books, kind: str) -> None:
    told = first(books, kind)
    id_, digest = books.journal.kept.pop(told.act.key)
    assert audit(books) == []
    missing(books, told, id_, digest)
    assert audit(books) == []


def missing(books: Books, told: Told, id_: str, digest: str) -> None:
    books.server.effects[told.effect] -= 1
    books.server.facts -= Counter((told.task_id, name) for name in FACTS[told.act.kind])
    books.server.deeds.discard((id_, digest))
    books.phone.deeds[:] = [row for row in books.phone.deeds if row["id"] != id_]
    books.phone.receipts[:] = [row for row in books.phone.receipts if row["receipt"]["deed_id"] != id_]
    count = len(books.phone.deeds)
    books.phone.strip = f"本机 {count} · 已签收 {count} · 未签收 0"


def lose_the_bytes_of_a_photo(books: Books) -> None:
    effect = first(books, "add_photo").effect
    books.server.effects[effect] -= 1
    books.server.effects[(*effect[:-1], "HTTP 404")] += 1


def change_the_bytes_of_a_signature(books: Books) -> None:
    effect = next(one.effect for one in books.told if one.act.kind == "sign_inspection" and one.act.picture)
    books.server.effects[effect] -= 1
    books.server.effects[(*effect[:-1], "0" * 64)] += 1


def double_a_visit(books: Books) -> None:
    books.server.effects["arrive_on_site", str(UUID(int=7)), first(books, "arrive_on_site").task_id] += 1


def tell_a_photo_twice_on_the_ledger(books: Books) -> None:
    books.server.facts[first(books, "add_photo").task_id, "EvidenceSealed"] += 1


def leave_a_photo_out_of_the_ledger(books: Books) -> None:
    books.server.facts[first(books, "add_photo").task_id, "EvidenceSealed"] -= 1


def break_the_ledger(books: Books) -> None:
    books.server.breaks.append("示例断链")


def receipt_for_a_deed_that_nobody_has(books: Books) -> None:
    books.server.deeds.discard(deed_of(books, "add_photo"))
    del books.journal.kept[first(books, "add_photo").act.key]


def receipt_of_a_stranger(books: Books) -> None:
    books.phone.receipts[3]["receipt"] = signed(books.phone.receipts[3]["receipt"], STRANGER)


def receipt_that_was_altered(books: Books) -> None:
    books.phone.receipts[3]["receipt"]["received_at"] = "2026-01-02T00:00:00Z"


def receipt_gone_from_the_phone(books: Books) -> None:
    del books.phone.receipts[3]


def shown_as_waiting(books: Books) -> None:
    books.phone.deeds[3]["state"] = "waiting"


def shows_something_else(books: Books) -> None:
    books.phone.strip = "本机 1 · 已签收 0 · 未签收 1"


def deed_gone_from_the_phone(books: Books) -> None:
    id_, _ = deed_of(books, "answer_item")
    books.phone.deeds[:] = [row for row in books.phone.deeds if row["id"] != id_]


def deed_changed_on_the_phone(books: Books) -> None:
    books.phone.deeds[2]["deed"]["payload"] = {"note": "示例：事后改动"}


def original_gone_from_the_phone(books: Books) -> None:
    del books.phone.files[0]


def original_damaged_on_the_phone(books: Books) -> None:
    books.phone.files[0]["holds"] = "0" * 64


def photo_still_a_draft(books: Books) -> None:
    books.phone.drafts.append(f"account/visit/photo/{first(books, 'add_photo').act.payload['sha256']}")


def kept_twice(books: Books) -> None:
    books.journal.contradictions.append("V0001-01")


def forgotten_after_a_restart(books: Books) -> None:
    books.journal.forgotten.append("V0001-01")


TAMPERINGS: list[tuple[Callable[[Books], None], str]] = [
    (lose_the_bytes_of_a_photo, "lost"), (change_the_bytes_of_a_signature, "untrue"), (double_a_visit, "doubled"),
    (tell_a_photo_twice_on_the_ledger, "doubled"), (leave_a_photo_out_of_the_ledger, "lost"),
    (break_the_ledger, "damaged"), (receipt_for_a_deed_that_nobody_has, "untrue"), (receipt_of_a_stranger, "untrue"),
    (receipt_that_was_altered, "untrue"), (receipt_gone_from_the_phone, "unsent"), (shown_as_waiting, "untrue"),
    (shows_something_else, "untrue"), (deed_gone_from_the_phone, "lost"), (deed_changed_on_the_phone, "damaged"),
    (original_gone_from_the_phone, "lost"), (original_damaged_on_the_phone, "damaged"),
    (photo_still_a_draft, "doubled"), (kept_twice, "doubled"), (forgotten_after_a_restart, "lost"),
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "kind"), TAMPERINGS, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_wrong_is_named(books: Books, tamper: Callable[[Books], None], kind: str) -> None:
    tamper(books)
    assert kind in kinds(books)
