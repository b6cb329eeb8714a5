"""Who stands on a paper: officers with their certificates, who wrote it, who signed every page or refused to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from liandong.means.documents.printing import Signer
from liandong.means.documents.words import minute
from liandong.oversight.paperwork.visit import Inspector, Visit
from liandong.work.inspections.tables import Signature


def said(value: Any) -> str | None:
    """A value that was written down, as text."""
    return None if value is None else str(value)


def agencies(visit: Visit) -> tuple[str, ...]:
    """The agencies of those who took part, each once."""
    return tuple(dict.fromkeys(one.agency for one in visit.inspectors))


def officers(inspectors: Sequence[Inspector]) -> list[dict[str, str | None]]:
    """Officers as a form lists them."""
    return [{"name": one.name, "agency": one.agency, "certificate": one.certificate} for one in inspectors]


def recorder(visit: Visit, recorder_id: str | None) -> dict[str, str | None]:
    """Who wrote the paper, with the certificate; nothing if nobody is named."""
    wrote = next((one for one in visit.inspectors if str(one.id) == recorder_id), None)
    return {
        "recorder_name": wrote.name if wrote else None,
        "recorder_certificate": wrote.certificate if wrote else None,
    }


def review(party: Signature | None) -> str | None:
    """That the party read it through and signed; None while it has not."""
    if party is None or party.is_refused:
        return None
    pages = f"逐页核对{party.pages_seen}页，" if party.pages_seen else ""
    return f"{party.signer_name}{pages}于{minute(party.signed_at)}签名（见各页页脚）"


def refusal(party: Signature | None) -> str | None:
    """That the party refused, why, and who saw it; None while nobody knows."""
    if party is None:
        return None
    if not party.is_refused:
        return "无"
    seen = f"；见证人：{party.witness}" if party.witness else ""
    return f"{party.signer_name}于{minute(party.signed_at)}拒绝签名，理由：{party.refusal_reason}{seen}"


def signers(
    visit: Visit, given: Mapping[UUID | None, Signature], role: str, named: str, ids: Sequence[UUID] | None = None
) -> tuple[Signer, ...]:
    """Who is to sign every page: the officers, or those named, and the party in its role."""
    present = [one for one in visit.inspectors if ids is None or one.id in ids]
    found = [_signer("执法人员", f"{one.name}　{one.certificate or ''}", given.get(one.id), visit) for one in present]
    party = given.get(None)
    return (*found, _signer(role, party.signer_name if party else named, party, visit))


def _signer(role: str, name: str, given: Signature | None, visit: Visit) -> Signer:
    if given is None:
        return Signer(role, name)
    picture = visit.drawn.get(given.sha256) if given.sha256 else None
    return Signer(role, name, given.signed_at, picture, given.is_refused)
