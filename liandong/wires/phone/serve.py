"""The deeds come in, are done in order, and each gets its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import canonical
from liandong.kernel.clock import now
from liandong.kernel.errors import FieldError, Invalid, LiandongError, Refused
from liandong.kernel.secrets import signing_key
from liandong.registers.access.actor import Actor
from liandong.wires.phone.frame import DeedIn, Receipt, true_digest
from liandong.wires.phone.perform import Doing, perform
from liandong.wires.phone.tables import Deed

WAITS_FOR = frozenset({"evidence.file_missing", "deeds.forerunner_missing"})
"""Refusals that time may heal: the file or the deed before it may still be on its way."""


async def take_deeds(session: AsyncSession, actor: Actor, raws: Sequence[dict[str, Any]]) -> list[Receipt]:
    """Every deed has been done or answered with why not; one that is refused never loses the others.

    The deeds of one phone are done in the order of its clock, whatever the order they came in.
    """
    receipts = {}
    for raw in sorted(raws, key=lambda raw: str(raw.get("happened_at", ""))):
        receipt = await _take(session, actor, raw)
        receipts[raw.get("id")] = receipt
    return [receipts[raw.get("id")] for raw in raws]


async def _take(session: AsyncSession, actor: Actor, raw: dict[str, Any]) -> Receipt:
    try:
        deed = _read(raw)
    except Invalid as error:
        return _receipt(raw.get("id"), str(raw.get("digest", "")), "refused", error.body())
    kept = (await session.execute(select(Deed).where(Deed.id == deed.id))).scalars().all()
    if any(earlier.digest != deed.digest for earlier in kept):
        return await _keep(session, actor, raw, deed, "conflict", Refused("deeds.conflict"))
    if kept and kept[0].outcome == "accepted":
        return _receipt(deed.id, deed.digest, "repeated", None)
    return await _do(session, actor, raw, deed)


def _read(raw: dict[str, Any]) -> DeedIn:
    try:
        deed = DeedIn.model_validate(raw)
    except ValidationError as error:
        raise Invalid("deeds.unreadable", field_errors=field_errors(error)) from error
    if deed.happened_at.tzinfo is None:
        raise Invalid("deeds.unreadable", field_errors=[FieldError("happened_at", "kernel.time_zone_missing")])
    if true_digest(raw) != deed.digest:
        raise Invalid("deeds.digest_mismatch")
    return deed


def field_errors(error: ValidationError) -> list[FieldError]:
    """What pydantic found, field by field."""
    return [
        FieldError(".".join(map(str, item["loc"])), "kernel.invalid_field", {"why": item["msg"]})
        for item in error.errors()
    ]


async def _do(session: AsyncSession, actor: Actor, raw: dict[str, Any], deed: DeedIn) -> Receipt:
    try:
        async with session.begin_nested():
            await _require_forerunners(session, deed)
            await perform(Doing(session, actor, deed))
            await session.flush()
    except LiandongError as error:
        outcome = "waiting" if error.code in WAITS_FOR else "refused"
        return await _keep(session, actor, raw, deed, outcome, error)
    except ValidationError as error:
        unreadable = Invalid("deeds.unreadable", field_errors=field_errors(error))
        return await _keep(session, actor, raw, deed, "refused", unreadable)
    except IntegrityError:
        return await _keep(session, actor, raw, deed, "refused", Refused("deeds.already_there"))
    return await _keep(session, actor, raw, deed, "accepted", None)


async def _require_forerunners(session: AsyncSession, deed: DeedIn) -> None:
    if not deed.needs:
        return
    rows = select(Deed.id).where(Deed.id.in_(deed.needs), Deed.outcome == "accepted")
    missing = set(deed.needs) - set((await session.execute(rows)).scalars())
    if missing:
        raise Refused("deeds.forerunner_missing", count=len(missing))


async def _keep(
    session: AsyncSession, actor: Actor, raw: dict[str, Any], deed: DeedIn, outcome: str, error: LiandongError | None
) -> Receipt:
    body = error.body() if error else None
    latest = {"outcome": outcome, "problem": body, "received_at": now()}
    row = {
        "id": deed.id,
        "digest": deed.digest,
        "kind": deed.kind,
        "account_id": actor.account_id,
        "task_id": deed.task_id,
        "body": raw,
        "happened_at": deed.happened_at,
    }
    put = upsert(Deed).values(**row, **latest)
    await session.execute(put.on_conflict_do_update(index_elements=["id", "digest"], set_=latest).inline())
    return _receipt(deed.id, deed.digest, outcome, body)


def _receipt(deed_id: Any, digest: str, outcome: Any, problem: dict[str, Any] | None) -> Receipt:
    known = deed_id if isinstance(deed_id, UUID) else _uuid_or_nil(deed_id)
    receipt = Receipt(deed_id=known, digest=digest, outcome=outcome, received_at=now().astimezone(UTC), problem=problem)
    signed = canonical.canonical_bytes(receipt.model_dump(mode="json", exclude={"signature"}))
    receipt.signature = signing_key().sign(signed).hex()
    return receipt


def _uuid_or_nil(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        return UUID(int=0)
