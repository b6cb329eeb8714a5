"""A sealed record is checked: bytes in, report out. No server, no database, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liandong.oversight.records.proof import form
from liandong.oversight.records.proof.bonds import check_bonds
from liandong.oversight.records.proof.case import Case, read_case
from liandong.oversight.records.proof.chain import check_chain, check_facts_digests
from liandong.oversight.records.proof.deeds import check_deeds, check_receipts
from liandong.oversight.records.proof.entries import Contents, check_entries, check_names
from liandong.oversight.records.proof.facts import check_facts
from liandong.oversight.records.proof.findings import ARCHIVE, Check, Finding, Report, show, without_consequences
from liandong.oversight.records.proof.manifest import Manifest, check_signature, read_manifest
from liandong.oversight.records.proof.originals import check_originals
from liandong.oversight.records.proof.plain_json import NotPlain, sha256
from liandong.oversight.records.proof.rows import check_rows
from liandong.oversight.records.proof.site import check_site
from liandong.oversight.records.proof.times import check_times
from liandong.oversight.records.proof.zip_match import Held, Known, believe, match
from liandong.oversight.records.proof.zip_read import Reading, read_backward, read_forward


def verify(content: bytes | memoryview, pinned_key: str | None = None) -> Report:
    """Everything that is wrong with a sealed record; nothing if it holds.

    `pinned_key` is the installation's public key as it is known from elsewhere (64 hex characters); without it the
    record is only proved against the key that it brings itself.
    """
    data = memoryview(content)
    if len(data) > form.LARGEST_ARCHIVE:
        return _no_record([Finding("archive.too_large", ARCHIVE, str(form.LARGEST_ARCHIVE), str(len(data)))])
    forward, backward = read_forward(data), read_backward(data)
    manifest, reason = _manifest(data, forward, backward)
    known = _known(manifest)
    held = believe(data, forward, backward, known)
    names = [one.entry.name for one in held]
    around = list(check_names(names)) + _compressed(forward, backward)
    if not {form.MANIFEST, form.SIGNATURE} & {*names, forward.stopped_in}:
        return _no_record([*around, Finding("archive.no_record", ARCHIVE)])
    around += _bytes_between(data, held, _Ways(forward, backward), manifest, known)
    return _report(_Opened(data, held, manifest, reason), around, pinned_key)


def _no_record(findings: list[Finding]) -> Report:
    return Report(checks=[Check("archive", 1, findings)])


def _manifest(data: memoryview, *ways: Reading | None) -> tuple[Manifest | None, str | None]:
    """The first manifest that can be read, by either reading; or why there is none."""
    reason = None
    for way in ways:
        for one in way.entries if way else ():
            if one.name == form.MANIFEST:
                try:
                    return read_manifest(data[one.start : one.end]), None
                except NotPlain as error:
                    reason = error.reason
    return None, reason


def _known(manifest: Manifest | None) -> Known:
    listed = {one.path: one.sha256 for one in manifest.files} if manifest else {}

    def known(name: str, content: memoryview) -> bool | None:
        if name in form.UNLISTED:
            return True
        return sha256(content) == listed[name] if name in listed else None

    return known


def _compressed(*ways: Reading | None) -> list[Finding]:
    names = dict.fromkeys(way.compressed for way in ways if way and way.compressed is not None)
    return [Finding("archive.compressed", name) for name in names if name]


@dataclass(frozen=True)
class _Ways:
    forward: Reading
    backward: Reading | None


def _bytes_between(
    data: memoryview, held: list[Held], ways: _Ways, manifest: Manifest | None, known: Known
) -> list[Finding]:
    """What is wrong around the content; of an archive that breaks off, only where it does."""
    if ways.backward is None and not ways.forward.is_whole:
        names = {one.entry.name for one in held}
        due = (
            [name for name in _paths(manifest) if name not in names]
            if manifest
            else [ways.forward.stopped_in or ARCHIVE]
        )
        if due:
            return [Finding("archive.truncated", due[0], None, str(len(data)))]
    return match(data, held, known)


def _paths(manifest: Manifest | None) -> list[str]:
    return [*form.UNLISTED, *(one.path for one in manifest.files)] if manifest else []


@dataclass(frozen=True)
class _Opened:
    """An archive that was opened."""

    data: memoryview
    held: list[Held]
    manifest: Manifest | None
    reason: str | None

    @property
    def contents(self) -> Contents:
        """The content of every entry by its name; of a name that comes twice, the first."""
        found: Contents = {}
        for one in self.held:
            found.setdefault(one.entry.name, self.data[one.entry.start : one.entry.end])
        return found


def _report(opened: _Opened, around: list[Finding], pinned_key: str | None) -> Report:
    contents, manifest = opened.contents, opened.manifest
    report = Report(format=f"{form.FORMAT}/{form.VERSION}")
    report.checks.append(Check("archive", len(opened.held), around))
    if manifest is None or form.MANIFEST not in contents:
        unreadable = Finding("manifest.unreadable", form.MANIFEST, None, opened.reason)
        missing = [Finding("file.missing", name) for name in form.UNLISTED if name not in contents]
        report.checks.append(Check("manifest", 1, missing or [unreadable]))
        return report
    report.inspection, report.public_key = dict(manifest.inspection), manifest.public_key
    sealed = contents.get(form.SIGNATURE)
    signature = check_signature(manifest, bytes(contents[form.MANIFEST]), None if sealed is None else bytes(sealed))
    names = [one.entry.name for one in opened.held]
    entries = list(check_entries(names, contents, manifest.files))
    is_proved = form.SIGNATURE in contents and not signature.findings
    altered = frozenset(one.entry for one in entries if one.code != "file.moved") if is_proved else frozenset[str]()
    report.checks += [Check("manifest", 1), signature, *_key(report, manifest, pinned_key)]
    report.checks.append(Check("files", len(manifest.files), entries))
    for check in _inside(contents, manifest, report.public_key or ""):
        findings = without_consequences(check.findings, altered)
        report.checks.append(Check(check.name, check.checked, findings))
    return report


def _key(report: Report, manifest: Manifest, pinned: str | None) -> list[Check]:
    if pinned is None:
        return []
    report.is_pinned = True
    is_it = pinned == manifest.public_key
    found = [] if is_it else [Finding("key.other", f"{form.MANIFEST}#/public_key", pinned, manifest.public_key)]
    return [Check("key", 1, found)]


def _inside(contents: Contents, manifest: Manifest, public_key: str) -> Sequence[Check]:
    case = read_case(contents)
    deeds, facts = case.under(form.DEEDS), case.under(form.FACTS)

    def check(name: str, count: int, findings: Iterable[Finding]) -> Check:
        return Check(name, count, list(findings))

    return [
        check("content", len(case.docs), [*case.findings, *_whose(case, manifest)]),
        check("deeds", len(deeds), check_deeds(case)),
        check("receipts", len(deeds), check_receipts(case, public_key)),
        check("facts", len(facts), check_facts_digests(case)),
        check("chain", len(facts) + len(case.links), check_chain(case, manifest.ledger)),
        check("rows", len(case.under("record/")), [*check_bonds(case), *check_rows(case), *check_site(case)]),
        check("ledger", len(facts), check_facts(case)),
        check("times", len(facts) + len(deeds), check_times(case, manifest.made_at)),
        check("originals", sum(path.startswith(form.ORIGINALS) for path in contents), check_originals(case, contents)),
    ]


def _whose(case: Case, manifest: Manifest) -> list[Finding]:
    """The manifest names the visit that is inside."""
    visit = case.one(form.INSPECTION)
    return [
        Finding("manifest.other_visit", f"{form.INSPECTION}#/{name}", said, show(visit.get(name)), (form.INSPECTION,))
        for name, said in manifest.inspection.items()
        if visit.get(name) != said
    ]
