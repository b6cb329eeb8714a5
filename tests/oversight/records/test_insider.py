"""Whoever holds the installation's key can sign anything; what hangs together still gives a changed row away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from liandong.kernel import canonical
from liandong.kernel.secrets import signing_key
from liandong.oversight.records.proof.verify import verify
from tests.oversight.records.conftest import Exported
from tests.oversight.records.mutations import MANIFEST, SIGNATURE, Entries, pack, read, relist, unpack

Edit = Callable[[dict[str, Any]], None]


def sign(entries: Entries, key: Ed25519PrivateKey) -> bytes:
    """The archive with a manifest that lists its entries as they are, signed by `key`, which it names."""
    known = dict(entries)
    manifest = read(known[MANIFEST])
    manifest["public_key"] = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    manifest["files"] = [
        {"path": name, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
        for name, body in entries
        if name not in (MANIFEST, SIGNATURE)
    ]
    known[MANIFEST] = canonical.canonical_bytes(manifest)
    signature = read(known[SIGNATURE]) | {
        "manifest_sha256": hashlib.sha256(known[MANIFEST]).hexdigest(),
        "signature": key.sign(known[MANIFEST]).hex(),
    }
    known[SIGNATURE] = canonical.canonical_bytes(signature)
    return pack([(name, known[name]) for name, _ in entries])


def edited(entries: Entries, path: str, edit: Edit) -> Entries:
    """The entries, one document of them changed."""
    value = read(dict(entries)[path])
    edit(value)
    return [(name, canonical.canonical_bytes(value) if name == path else body) for name, body in entries]


def first(entries: Entries, folder: str, **said: Any) -> str:
    """The first document of a folder that says this."""
    docs = ((name, read(body)) for name, body in entries if name.startswith(folder) and name.endswith(".json"))
    return next(
        name for name, doc in docs if said.items() <= {**doc, **doc.get("deed", {}), **doc.get("said", {})}.items()
    )


def changed(record: bytes, folder: str, said: dict[str, Any]) -> str:
    """The document that a change is about."""
    return folder if folder.endswith(".json") else first(unpack(record), folder, **said)


def applied(record: bytes, folder: str, said: dict[str, Any], edit: Edit) -> bytes:
    """The record with one document changed, listed and signed anew with the installation's own key."""
    return sign(edited(unpack(record), changed(record, folder, said), edit), signing_key())


CHANGES: list[tuple[str, dict[str, Any], Edit, str]] = [
    ("record/answers/", {}, lambda row: row.update(answer="not_applicable"), "row.differs #/answer"),
    ("record/inspection.json", {}, lambda row: row.update(arrived_at="2020-01-01T00:00:00+00:00"), "row.differs #/arrived_at"),
    ("record/inspection.json", {}, lambda row: row["officer_ids"].pop(), "fact.differs #/officer_ids"),
    ("record/inspection.json", {}, lambda row: row.update(inspected_on="2020-01-01"), "time.day #/inspected_on"),
    ("record/inspection.json", {}, lambda row: row.update(state="open"), "row.deed_count "),
    ("record/problems/", {}, lambda row: row.update(description="示例：没有问题"), "row.differs #/description"),
    ("record/problems/", {}, lambda row: row.update(state="settled"), "move.last #/state"),
    ("record/signatures/", {}, lambda row: row.update(signer_name="别人"), "row.without_deed "),
    ("record/signatures/", {"is_refused": True}, lambda row: row.update(refusal_reason="无"), "row.differs #/refusal_reason"),
    ("record/photos/", {}, lambda row: row.update(purpose="示例：别的"), "row.differs #/purpose"),
    ("record/photos/", {}, lambda row: row.update(taken_at="2020-01-01T00:00:00+00:00"), "fact.differs #/taken_at"),
    ("record/signatures/", {"signer": "interviewee"}, lambda row: row.update(witness="别人"), "row.differs #/witness"),
    ("record/signatures/", {"pages_seen": 2}, lambda row: row.update(pages_seen=3), "row.differs #/pages_seen"),
    ("record/signatures/", {"signer": "interviewee"}, lambda row: row.update(interview_id=None), "row.differs #/interview_id"),
    ("record/entries/", {"kind": "show_certificate"}, lambda row: row["content"].update(answer="silent"), "row.differs #/content"),
    ("record/entries/", {"kind": "amend_record"}, lambda row: row["content"].update(words="示例：别的"), "row.differs #/content"),
    ("record/entries/", {"kind": "record_interview"}, lambda row: row.update(said_at="2020-01-01T00:00:00Z"), "row.differs #/said_at"),
    ("record/inspection.json", {}, lambda row: row.update(state="returned"), "fact.differs #/state"),
    ("record/moves/", {"verb": "claim"}, lambda row: row.update(moved_by=None), "move.unannounced "),
    ("record/moves/", {"verb": "close_out"}, lambda row: row.update(before="ordered"), "move.before #/before"),
    ("record/look_backs/", {}, lambda row: row.update(outcome="held"), "fact.differs #/outcome"),
    ("deeds/", {"kind": "answer_item"}, lambda row: row["deed"]["payload"].update(answer="yes?"), "deed.digest #/deed"),
    ("deeds/", {"kind": "answer_item"}, lambda row: row["receipt"].update(outcome="refused"), "receipt.untrue #/receipt"),
    ("deeds/", {"kind": "add_photo"}, lambda row: row["sent"].update(account_id="x"), "fact.missing "),
    ("ledger/facts/", {"name": "ProblemClosed"}, lambda row: row["said"].update(words="示例"), "fact.digest "),
    ("ledger/facts/", {"name": "ProblemClosed"}, lambda row: row.update(digest="0" * 64), "chain.broken "),
    ("ledger/facts/", {"name": "TaskReported"}, lambda row: row.update(seq=1), "fact.number #/seq"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "said", "edit", "expected"), CHANGES, ids=[f"{one[0]} {one[3]}" for one in CHANGES])
def test_a_change_by_whoever_holds_the_key_is_named(
    exported: Exported, folder: str, said: dict[str, Any], edit: Edit, expected: str
) -> None:
    report = verify(applied(exported.content, folder, said, edit))
    path = changed(exported.content, folder, said)
    code, _, where = expected.partition(" ")
    assert (code, path + where) in {(one.code, one.where) for one in report.findings}


def test_signed_again_unchanged_it_holds(exported: Exported) -> None:
    assert sign(unpack(exported.content), signing_key()) == exported.content


@pytest.mark.parametrize(
    "folder", ["deeds/", "ledger/facts/", "record/answers/", "record/entries/", "record/moves/", "originals/"]
)
def test_what_is_left_out_by_whoever_holds_the_key_leaves_a_gap(exported: Exported, folder: str) -> None:
    entries = unpack(exported.content)
    path = next(name for name, _ in reversed(entries) if name.startswith(folder))
    assert verify(sign([one for one in entries if one[0] != path], signing_key())).exit_code == 1


def test_a_fact_left_out_of_the_middle_is_named(exported: Exported) -> None:
    entries = unpack(exported.content)
    path = first(entries, "ledger/facts/", name="ProblemClosed")
    report = verify(sign([one for one in entries if one[0] != path], signing_key()))
    assert ("chain.gap", path) in {(one.code, one.where) for one in report.findings}


def test_another_key_is_told_by_the_key_one_knows(exported: Exported) -> None:
    """Signed anew by somebody else, the record is whole in itself but for the receipts; the pinned key tells."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
    forged = sign(unpack(exported.content), stranger)
    assert {one.code for one in verify(forged).findings} == {"receipt.other_key"}
    assert "key.other" in {one.code for one in verify(forged, exported.public_key).findings}
    held = verify(exported.content, exported.public_key)
    assert (held.exit_code, held.is_pinned) == (0, True)
    assert verify(exported.content).body()["key"]["pinned"] is False


def test_a_manifest_that_is_made_to_fit_is_not_signed(exported: Exported) -> None:
    entries = unpack(exported.content)
    path = first(entries, "record/answers/")
    report = verify(pack(relist(edited(entries, path, lambda row: row.update(note="示例：改动")))))
    assert [one.code for one in report.findings] == ["signature.untrue", "row.differs"]
    assert report.findings[1].body() == {
        "code": "row.differs",
        "where": f"{path}#/note",
        "expected": None,
        "got": "示例：改动",
        "words_zh": f"“{path}#/note”与原始操作不符：操作为 —，此处为 示例：改动",
        "words_en": f"“{path}#/note” differs from the deed: — there, 示例：改动 here",
    }
