"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.kernel.ledger import Author
from liandong.kernel.settings import settings
from liandong.registers.access import actions
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import COOKIE, Acting, Signed, token_of
from liandong.registers.access.queries import actor_of
from liandong.registers.access.schemas import ActorOut, AgencyBrief, SignedInOut, SignIn
from liandong.registers.jurisdictions.queries import agency_of

router = APIRouter(prefix="/session", tags=["session"], responses=ERRORS)


async def actor_out(signed: Acting) -> ActorOut:
    """The actor as the wire carries it."""
    actor, agency = signed.actor, await agency_of(signed.session, signed.actor.agency_id)
    return ActorOut(
        account_id=actor.account_id,
        officer_id=actor.officer_id,
        name=actor.name,
        agency=AgencyBrief.model_validate(agency, from_attributes=True),
        roles=sorted(actor.roles),
        verbs=sorted(actor.verbs),
        areas=sorted(actor.areas),
    )


@router.post("")
async def sign_in(request: Request, response: Response, body: SignIn) -> SignedInOut:
    """Sign in. Browsers keep the cookie; other clients send the token as `Authorization: Bearer`."""
    db: Database = request.app.state.db
    out = None
    async with db.transaction(Role.app) as session:
        session.info["author"] = Author(None, body.login.strip()[:100])
        token, account = await actions.sign_in(session, body.login.strip().lower(), body.password)
        if token is not None and account is not None:
            actor: Actor = await actor_of(session, account.id)
            out = SignedInOut(token=token, actor=await actor_out(Acting(session, actor)))
    if out is None:  # refused only now, so that the failed attempt stays counted
        raise Refused("access.wrong_password")
    response.set_cookie(
        COOKIE,
        out.token,
        max_age=settings().session_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=settings().cookie_secure,
        path="/api",
    )
    return out


@router.get("")
async def who_am_i(signed: Signed) -> ActorOut:
    """Who is signed in."""
    return await actor_out(signed)


@router.delete("", status_code=204)
async def sign_out(request: Request, response: Response, signed: Signed) -> None:
    """Sign out; the token opens nothing any more."""
    await actions.sign_out(signed.session, token_of(request) or "")
    response.delete_cookie(COOKIE, path="/api")
