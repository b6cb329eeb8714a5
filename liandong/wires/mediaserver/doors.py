"""Who may send and who may watch: asked of the database at every door, and again and again while they do."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.means.video import recordings, reports, tickets
from liandong.means.video.actions import require_open
from liandong.means.video.queries import find_stream, is_publishing_allowed, is_recorded
from liandong.means.video.recordings import Kept
from liandong.means.video.reports import Picture
from liandong.means.video.site import SHOW
from liandong.registers.access.door import take_seat
from liandong.registers.access.queries import find_active_actor_of

MOST_REMEMBERED = 100_000


@dataclass(frozen=True)
class Admitted:
    """A sender that was let in: the hash of the key it came with, the account that a phone's ticket was given to, and
    whether what it sends is recorded."""

    key_hash: str
    account_id: UUID | None
    is_recorded: bool = False


@dataclass(frozen=True)
class Look:
    """One look at one stream, as it is logged."""

    viewing_id: UUID
    account_id: UUID
    stream_id: UUID


class Doors:
    """The video room as the relay asks it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._used: dict[str, int] = {}

    async def started(self) -> None:
        """What an earlier relay left open is ended."""
        async with self._db.transaction(Role.worker) as session:
            await reports.media_server_started(session)

    async def admit_sender(self, stream_id: UUID, ticket: str) -> Admitted:
        """Somebody may send this stream.

        Raises    video.ticket_invalid, video.ticket_expired
        """
        said = tickets.check(ticket, str(stream_id), "publish")
        asks = Admitted(tickets.key_hash(said.key), said.subject if said.subject != stream_id else None)
        if not await self.may_send(stream_id, asks):
            raise Refused("video.ticket_invalid")
        async with self._db.transaction(Role.worker) as session:
            return replace(asks, is_recorded=await is_recorded(session, stream_id))

    async def may_send(self, stream_id: UUID, let_in: Admitted) -> bool:
        """Whether the key is still the one that may send this stream, and a phone's officer still on its task."""
        async with self._db.transaction(Role.worker) as session:
            if not await is_publishing_allowed(session, stream_id, let_in.key_hash):
                return False
        if let_in.account_id is None:
            return True
        async with self._db.transaction(Role.app) as session:
            actor = await find_active_actor_of(session, let_in.account_id)
            if actor is None:
                return False
            await take_seat(session, actor)
            with suppress(Refused):
                return (await find_stream(session, actor, stream_id, SHOW)).officer_id == actor.officer_id
            return False

    async def admit_viewer(self, stream_id: UUID, ticket: str) -> Look:
        """A look that is on record and may begin now. A ticket opens once.

        Raises    video.ticket_invalid, video.ticket_expired, video.ticket_used, video.stream_closed, kernel.not_found
        """
        said = tickets.check(ticket, str(stream_id), "read")
        self._use(said)
        async with self._db.transaction(Role.app) as session:
            actor = await find_active_actor_of(session, said.subject)
            if actor is None:
                raise Refused("video.ticket_invalid")
            await take_seat(session, actor)
            stream = await find_stream(session, actor, stream_id)
            require_open(stream)
            return Look(await reports.begin_viewing(session, actor, stream), actor.account_id, stream.id)

    async def may_watch(self, look: Look) -> bool:
        """Whether whoever looks may still see the stream: the account, its tasks and its areas as they are now."""
        async with self._db.transaction(Role.app) as session:
            actor = await find_active_actor_of(session, look.account_id)
            if actor is None:
                return False
            await take_seat(session, actor)
            with suppress(Refused):
                require_open(await find_stream(session, actor, look.stream_id))
                return True
            return False

    async def still_watching(self, looks: Collection[Look]) -> None:
        """It is on record that these looks go on."""
        async with self._db.transaction(Role.worker) as session:
            await reports.still_viewing(session, [look.viewing_id for look in looks])

    async def left(self, look: Look) -> None:
        """It is on record that this look ended."""
        async with self._db.transaction(Role.worker) as session:
            await reports.end_viewing(session, look.viewing_id)

    async def went_live(self, stream_id: UUID, picture: Picture) -> None:
        """It is on record that the stream is live."""
        async with self._db.transaction(Role.worker) as session:
            await reports.stream_went_live(session, stream_id, picture)

    async def went_offline(self, stream_id: UUID) -> None:
        """It is on record that the stream is offline."""
        async with self._db.transaction(Role.worker) as session:
            await reports.stream_went_offline(session, stream_id)

    async def had_fault(self, stream_id: UUID, code: str) -> None:
        """It is on record why a sender was turned away."""
        async with self._db.transaction(Role.worker) as session:
            await reports.stream_had_fault(session, stream_id, code)

    async def segment_kept(self, kept: Kept) -> None:
        """It is on record that this segment is in the store."""
        async with self._db.transaction(Role.worker) as session:
            await recordings.note_segment(session, kept)

    async def not_recorded(self, stream_id: UUID, code: str) -> None:
        """It is on record why something of a stream was not kept."""
        async with self._db.transaction(Role.worker) as session:
            await recordings.note_fault(session, stream_id, code)

    async def take_up_recordings(self) -> tuple[int, int]:
        """What an earlier relay left in the store is on record, or gone: how many of each."""
        async with self._db.transaction(Role.worker) as session:
            return await recordings.take_up(session)

    def _use(self, ticket: tickets.Ticket) -> None:
        """A ticket to watch is good once: an address that leaks into a log opens nothing."""
        if ticket.key in self._used:
            raise Refused("video.ticket_used")
        if len(self._used) >= MOST_REMEMBERED:
            raise Refused("video.relay_full")
        self._used[ticket.key] = ticket.expires_at

    def forget_tickets(self, now: float) -> None:
        """Tickets that have expired need not be remembered."""
        self._used = {key: until for key, until in self._used.items() if until >= now}
