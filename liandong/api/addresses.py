"""Under which addresses people reach this installation: from the settings, else as it was asked."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from liandong.kernel.settings import settings

router = APIRouter(tags=["addresses"])


class AddressesOut(BaseModel):
    """Where each face is, for codes that people scan."""

    mobile: str
    public: str


def base(request: Request) -> str:
    """The address of this installation without a slash at its end."""
    return (settings().public_url or str(request.base_url)).rstrip("/")


def public_address(request: Request, token: str) -> str:
    """The page behind an officer's code."""
    return f"{base(request)}/public/#/visit/{token}"


@router.get("/addresses")
async def addresses(request: Request) -> AddressesOut:
    """The faces' addresses; nothing that whoever asks did not know."""
    return AddressesOut(mobile=f"{base(request)}/mobile/", public=f"{base(request)}/public/")
