"""Is it well, and if not, what is wrong."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from liandong import __version__
from liandong.kernel.db import Database, Role

router = APIRouter(tags=["health"])


class HealthOut(BaseModel):
    """The state of one server: `unstamped` facts wait for a worker, `failed` hand-overs were given up. `files_refused`:
    how often it turned a dock's file away, by code."""

    status: str
    version: str
    seq: int
    unstamped: int
    failed: int
    listeners: int
    files_refused: dict[str, int]


@router.get("/health")
async def health(request: Request, response: Response) -> HealthOut:
    """200 while the database answers and a worker keeps up; 503 otherwise."""
    db: Database = request.app.state.db
    async with db.transaction(Role.feed) as session:
        unstamped = await session.execute(
            text("SELECT count(*) FROM ledger_fact WHERE seq IS NULL AND recorded_at < now() - interval '10 seconds'")
        )
        failed = await session.execute(text("SELECT count(*) FROM delivery WHERE failed_at IS NOT NULL"))
        waiting, given_up = unstamped.scalar_one(), failed.scalar_one()
    well = not waiting and not given_up
    response.status_code = 200 if not waiting else 503
    return HealthOut(
        status="ok" if well else "degraded",
        version=__version__,
        seq=request.app.state.hub.seq,
        unstamped=waiting,
        failed=given_up,
        listeners=len(request.app.state.hub.listeners),
        files_refused=dict(request.app.state.files_refused),
    )
