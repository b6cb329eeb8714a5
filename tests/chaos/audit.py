"""The auditor: it compares the three books and names everything that was lost, doubled, damaged or untrue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liandong.kernel import canonical
from tests.chaos.books import FACTS, Effect, Journal, PhoneBook, ServerBook, Told

DONE = {"accepted", "repeated"}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as it must be."""

    kind: str
    what: str


@dataclass(frozen=True)
class Books:
    """All that the auditor sees."""

    told: Sequence[Told]
    journal: Journal
    server: ServerBook
    phone: PhoneBook

    @property
    def kept(self) -> list[Told]:
        """What the app acknowledged."""
        return [one for one in self.told if one.act.key in self.journal.kept]


def audit(books: Books) -> list[Finding]:
    """Everything that is wrong; nothing where nothing was lost, nothing doubled, and every receipt is true."""
    return sorted({found for check in CHECKS for found in check(books)})


def _journal(books: Books) -> Iterator[Finding]:
    """The app never takes back what it acknowledged."""
    for what in books.journal.contradictions:
        yield Finding("doubled", f"the app kept an act twice: {what}")
    for key in books.journal.forgotten:
        yield Finding("lost", f"the app had forgotten after a restart: {key}")


def _deeds(books: Books) -> Iterator[Finding]:
    """What was acknowledged is on the phone and with the servers, by id and digest."""
    on_phone = {(row["id"], row["deed"]["digest"]) for row in books.phone.deeds}
    for key, deed in books.journal.kept.items():
        if deed not in on_phone:
            yield Finding("lost", f"not on the phone: {key}")
        if deed not in books.server.deeds:
            yield Finding("lost", f"not accepted by the servers: {key}")
    for row in books.phone.deeds:
        if row["deed"]["digest"] != canonical.digest({k: v for k, v in row["deed"].items() if k != "digest"}):
            yield Finding("damaged", f"deed {row['id']} on the phone")


def _effects(books: Books) -> Iterator[Finding]:
    """What was acknowledged is done, once and as it was told; what never was may be done, and then whole and once."""
    must, may = Counter(one.effect for one in books.kept), Counter(one.effect for one in books.told)
    for effect in must - books.server.effects:
        yield Finding("lost", _in_words(effect))
    for effect in books.server.effects - may:
        is_again = effect in may or effect[0] == "arrive_on_site"  # one task is one visit
        yield Finding("doubled" if is_again else "untrue", _in_words(effect))


def _facts(books: Books) -> Iterator[Finding]:
    """The ledger tells each deed once."""
    held = books.server.effects
    done = [one for one in books.told if held[one.effect]]
    must = Counter((one.task_id, name) for one in done for name in FACTS[one.act.kind])
    ours = {one.task_id for one in books.told}
    names = {name for names in FACTS.values() for name in names}
    told = Counter({fact: n for fact, n in books.server.facts.items() if fact[0] in ours and fact[1] in names})
    for (task_id, name), count in (must - told).items():
        yield Finding("lost", f"{count} {name} of task {task_id} on the ledger")
    for (task_id, name), count in (told - must).items():
        yield Finding("doubled", f"{count} {name} of task {task_id} on the ledger")
    for what in books.server.breaks:
        yield Finding("damaged", f"the ledger: {what}")


def _receipts(books: Books) -> Iterator[Finding]:
    """Every receipt is signed by the servers and says what is so; every deed has one."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(books.server.public_key))
    received: set[str] = set()
    for row in books.phone.receipts:
        receipt = row["receipt"]
        deed = (receipt["deed_id"], receipt["digest"])
        if not is_signed(receipt, key):
            yield Finding("untrue", f"the signature of a receipt of deed {deed[0]}")
        elif receipt["outcome"] in DONE:
            received.add(receipt["deed_id"])
            if deed not in books.server.deeds:
                yield Finding("untrue", f"a receipt says that deed {deed[0]} was accepted")
    for row in books.phone.deeds:
        if row["id"] not in received:
            yield Finding("unsent", f"{row['kind']} {row['id']} has no receipt: {row['state']} {row['problem']}")
        elif row["state"] != "accepted":
            yield Finding("untrue", f"{row['kind']} {row['id']} has a receipt and is shown as {row['state']}")


def is_signed(receipt: dict[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether the servers said so: Ed25519 over the canonical JSON of everything but the signature."""
    said = canonical.canonical_bytes({name: value for name, value in receipt.items() if name != "signature"})
    try:
        key.verify(bytes.fromhex(receipt["signature"]), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _shown(books: Books) -> Iterator[Finding]:
    """The officer sees that everything has been signed for."""
    count = len(books.phone.deeds)
    words = f"本机 {count} · 已签收 {count} · 未签收 0"
    if books.phone.strip != words:
        yield Finding("untrue", f"the phone shows {books.phone.strip!r}, and it is {words!r}")


def _photos(books: Books) -> Iterator[Finding]:
    """Every original is on the phone, untouched; what has become a deed is a draft no more."""
    held = {file["sha256"]: file["holds"] for file in books.phone.files}
    for told in books.kept:
        sha256 = told.act.picture.sha256 if told.act.picture else None
        if sha256 is not None and held.get(sha256) != sha256:
            yield Finding("damaged" if held.get(sha256) else "lost", f"the original of {told.act.key} on the phone")
        if sha256 is not None and any(name.endswith(f"/photo/{sha256}") for name in books.phone.drafts):
            yield Finding("doubled", f"{told.act.key} is a record and still a draft")


CHECKS: tuple[Callable[[Books], Iterator[Finding]], ...] = (
    _journal, _deeds, _effects, _facts, _receipts, _shown, _photos,
)  # fmt: skip


def _in_words(effect: Effect) -> str:
    return " ".join(part for part in effect if part)
