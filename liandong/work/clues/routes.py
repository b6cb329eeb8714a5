"""HTTP routes of the clues room."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed
from liandong.registers.sources.queries import find_source, source_names
from liandong.work.clues import actions
from liandong.work.clues.queries import find_clue, visible_clues
from liandong.work.clues.schemas import AcceptClue, ClueIn, ClueOut, DeclineClue, PetitionerOut
from liandong.work.clues.states import CLUE_STATES, ClueState
from liandong.work.clues.tables import Clue

router = APIRouter(prefix="/clues", tags=["clues"], responses=ERRORS)
BUTTONS = {"accept": "clues:accept", "decline": "clues:decline"}
REVEAL = {"=reveal": "clues:reveal_petitioner"}


async def clues_out(signed: Acting, clues: list[Clue]) -> list[ClueOut]:
    """Clues as the wire carries them, each with its source's name and this actor's verbs."""
    named = await source_names(signed.session, {clue.source_id for clue in clues if clue.source_id})
    found = []
    for clue in clues:
        shown = ClueOut.model_validate(clue)
        shown.source_name = named.get(clue.source_id) if clue.source_id else None
        shown.has_petitioner = clue.petitioner is not None
        moves = BUTTONS | REVEAL if clue.petitioner else BUTTONS
        shown.verbs = buttons(signed.actor, clue, clue.state, CLUE_STATES, moves)
        found.append(shown)
    return found


async def _one(signed: Acting, clue: Clue) -> ClueOut:
    return (await clues_out(signed, [clue]))[0]


@router.get("")
async def list_clues(
    signed: Signed, state: ClueState | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[ClueOut]:
    """Clues this actor may see, newest first."""
    rows = visible_clues(signed.actor, state.value if state else None)
    clues, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=await clues_out(signed, list(clues)), total=total, next_cursor=following)


@router.post("", status_code=201)
async def receive_clue(signed: Signed, body: ClueIn) -> ClueOut:
    """Receive a clue."""
    if body.source_id is not None:
        await find_source(signed.session, signed.actor, body.source_id)
    new = actions.NewClue(
        **body.model_dump(exclude={"petitioner"}),
        petitioner=body.petitioner.model_dump() if body.petitioner else None,
    )
    return await _one(signed, await actions.receive_clue(signed.session, signed.actor, new))


@router.get("/{clue_id}")
async def read_clue(signed: Signed, clue_id: UUID) -> ClueOut:
    """One clue."""
    return await _one(signed, await find_clue(signed.session, signed.actor, clue_id))


@router.post("/{clue_id}/accept")
async def accept_clue(signed: Signed, clue_id: UUID, body: AcceptClue) -> ClueOut:
    """Take a clue up; its task is there afterwards."""
    clue = await find_clue(signed.session, signed.actor, clue_id, "clues:accept", lock=True)
    await actions.accept_clue(signed.session, clue, **body.model_dump())
    return await _one(signed, clue)


@router.post("/{clue_id}/decline")
async def decline_clue(signed: Signed, clue_id: UUID, body: DeclineClue) -> ClueOut:
    """Do not take a clue up, with the reason."""
    clue = await find_clue(signed.session, signed.actor, clue_id, "clues:decline", lock=True)
    return await _one(signed, await actions.decline_clue(signed.session, clue, body.reason))


@router.post("/{clue_id}/petitioner")
async def reveal_petitioner(signed: Signed, clue_id: UUID) -> PetitionerOut:
    """See who complained. That it was looked at is on the ledger."""
    clue = await find_clue(signed.session, signed.actor, clue_id, "clues:reveal_petitioner")
    return PetitionerOut.model_validate(await actions.reveal_petitioner(signed.session, clue))
