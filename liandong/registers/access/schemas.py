"""Wire shapes of the access room."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field


class SignIn(BaseModel):
    """What a person types to sign in."""

    login: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200)


class AgencyBrief(BaseModel):
    """An agency in short."""

    id: UUID
    name: str
    short_name: str
    tier: str
    area_code: str


class ActorOut(BaseModel):
    """Who is signed in, and every power of the account."""

    account_id: UUID
    officer_id: UUID | None
    name: str
    agency: AgencyBrief
    roles: list[str]
    verbs: list[str]
    areas: list[str]


class SignedInOut(BaseModel):
    """The answer to a sign-in: the token for clients that keep no cookie, and the actor."""

    token: str
    actor: ActorOut
