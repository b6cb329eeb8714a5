"""Bytes of a file come in, as slowly as the line brings them: what has come is kept, whatever breaks.

No transaction is open while a phone is waited for. A piece is put into the store first and counted afterwards, in a
transaction of its own; a server that is killed in between leaves a piece that nobody counts. At most one piece is in
memory. When all bytes are here the pieces are joined, and only if they prove the digest they become the file.

A phone often knows that its line has gone long before the server does. When it asks where to go on while the request of
before still waits for bytes, that request gives way: it keeps what it has and ends, so that nothing is sent twice. A
server that another one's request waits in is not asked; there at most `KEEP_AFTER_S` of the line are sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import ClientDisconnect

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid, Refused
from liandong.means.evidence import uploads
from liandong.means.evidence.tables import Upload, UploadPart
from liandong.registers.access.door import Acting

log = logging.getLogger(__name__)

PART_BYTES = 1024 * 1024
"""The most that a killed server loses of what it was being sent. A phone on a bad link sends less at a time anyway."""


KEEP_AFTER_S = 5.0
"""What has come is kept at least this often, however slow the line is."""
WAY_WITHIN_S = 10.0

_running: dict[UUID, Receiving] = {}


async def give_way(upload_id: UUID) -> None:
    """No earlier request of this server waits for bytes of this upload any more; what it had is kept."""
    earlier = _running.get(upload_id)
    if earlier is not None:
        earlier.asked.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(earlier.ended.wait(), WAY_WITHIN_S)


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request are said to hash to (tus checksum extension)."""

    algorithm: str
    digest: bytes


@dataclass
class Receiving:
    """An upload while a request brings bytes of it. `acting` opens a short transaction in its owner's name."""

    acting: Callable[[], AbstractAsyncContextManager[Acting]]
    upload: Upload
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, stream: AsyncIterator[bytes], checksum: Checksum | None = None) -> None:
        """Everything that came is kept; the file is finished if that was all of it.

        A line that breaks is no error: what came before counts. A checksum speaks of a whole request, so it is
        compared only when the request came whole; the file's digest has the last word in any case.

        Raises    evidence.file_too_large, evidence.offset_mismatch, evidence.checksum_mismatch,
                  evidence.upload_digest_mismatch
        """
        _running[self.upload.id] = self
        try:
            await self._take(stream, checksum)
        finally:
            self.ended.set()
            if _running.get(self.upload.id) is self:
                del _running[self.upload.id]

    async def _take(self, stream: AsyncIterator[bytes], checksum: Checksum | None) -> None:
        begun_at, pending = self.upload.received, bytearray()
        taken = hashlib.new(checksum.algorithm) if checksum else None
        kept_at, is_whole = asyncio.get_running_loop().time(), True
        try:
            async for piece in self._coming(stream):
                pending += piece
                if self.upload.received + len(pending) > self.upload.size:
                    raise Invalid("evidence.file_too_large", most=self.upload.size)
                if taken:
                    taken.update(piece)
                now = asyncio.get_running_loop().time()
                is_time = len(pending) >= PART_BYTES or now - kept_at >= KEEP_AFTER_S
                if pending and is_time and self.upload.received + len(pending) < self.upload.size:
                    await self._keep(bytes(pending))
                    pending.clear()
                    kept_at = now
        except ClientDisconnect:
            is_whole = False
            log.info("upload %s: the line broke, %s bytes kept", self.upload.id, self.upload.received + len(pending))
        if is_whole and taken and checksum and taken.digest() != checksum.digest:
            await self._take_back(begun_at)
            raise Refused("evidence.checksum_mismatch")
        await self._keep_last(bytes(pending))

    async def _coming(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces as they come, and an empty one whenever none has come for a while.

        Raises    ClientDisconnect: the line is gone, or whoever sent them asks where to go on
        """
        asked = asyncio.ensure_future(self.asked.wait())
        piece: asyncio.Future[bytes | None] | None = None
        try:
            while True:
                piece = asyncio.ensure_future(anext(stream, None))
                while not piece.done():
                    await asyncio.wait({piece, asked}, timeout=KEEP_AFTER_S, return_when=asyncio.FIRST_COMPLETED)
                    if piece.done():
                        break
                    if asked.done():
                        raise ClientDisconnect
                    yield b""
                content = piece.result()
                if content is None:
                    return
                yield content
        finally:
            asked.cancel()
            if piece is not None:
                piece.cancel()

    async def _keep(self, content: bytes) -> None:
        first = self.upload.received
        name = await blobs.keep_part(str(self.upload.id), content)
        part = UploadPart(upload_id=self.upload.id, first=first, size=len(content), name=name)
        async with self.acting() as signed:
            self.upload = await uploads.add_part(signed.session, signed.actor, self.upload.id, part)

    async def _take_back(self, first: int) -> None:
        async with self.acting() as signed:
            self.upload = await uploads.take_back(signed.session, signed.actor, self.upload.id, first)

    async def _keep_last(self, content: bytes) -> None:
        """A file that came in one piece needs no parts."""
        if content and len(content) == self.upload.size:
            try:
                await blobs.keep(self.upload.sha256, content)
            except Invalid as error:
                raise await self._not_what_was_said() from error
            await self._finish()
            return
        if content:
            await self._keep(content)
        await self.finish()

    async def finish(self) -> None:
        """The file is finished if all of it is here; also where a server was killed between its last byte and this.

        Raises    evidence.upload_digest_mismatch: it begins anew
        """
        upload = self.upload
        if upload.finished_at is not None or upload.received < upload.size:
            return
        async with self.acting() as signed:
            names = await uploads.part_names(signed.session, upload.id)
        try:
            await blobs.join_parts(upload.sha256, str(upload.id), names)
        except Invalid as error:
            raise await self._not_what_was_said() from error
        except FileNotFoundError:
            await self._reload()
            if self.upload.finished_at is None:
                raise
            return  # another request finished it and cleared up meanwhile
        await self._finish()

    async def _finish(self) -> None:
        async with self.acting() as signed:
            self.upload = await uploads.finish_upload(signed.session, signed.actor, self.upload.id)
        await blobs.drop_parts(str(self.upload.id))

    async def _reload(self) -> None:
        async with self.acting() as signed:
            self.upload = await uploads.find_upload(signed.session, signed.actor, self.upload.id)

    async def _not_what_was_said(self) -> Refused:
        await self.drop()
        return Refused("evidence.upload_digest_mismatch")

    async def drop(self) -> None:
        """The upload is given up and nothing of it is left; a file that it has become stays."""
        async with self.acting() as signed:
            await uploads.give_up(signed.session, [self.upload.id])
        await blobs.drop_parts(str(self.upload.id))
