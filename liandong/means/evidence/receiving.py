"""Bytes of a file come in, as slowly as the line brings them: what has come is kept, whatever breaks.

No transaction is open while a phone is waited for. A piece is put into the store first and counted afterwards, in a
transaction of its own; a server that is killed in between leaves a piece that nobody counts. At most one piece is in
memory. When all bytes are here the pieces are joined, and only if they prove the digest they become the file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid, Refused
from liandong.means.evidence import uploads
from liandong.means.evidence.tables import Upload, UploadPart
from liandong.registers.access.door import Acting

log = logging.getLogger(__name__)

PART_BYTES = 1024 * 1024
"""The most that a killed server loses of what it was being sent. A phone on a bad link sends less at a time anyway."""


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

    async def take(self, stream: AsyncIterator[bytes], checksum: Checksum | None = None) -> None:
        """Everything that came is kept; the file is finished if that was all of it.

        A line that breaks is no error: what came before counts. A checksum speaks of a whole request, so it is
        compared only when the request came whole; the file's digest has the last word in any case.

        Raises    evidence.file_too_large, evidence.offset_mismatch, evidence.checksum_mismatch,
                  evidence.upload_digest_mismatch
        """
        begun_at, pending = self.upload.received, bytearray()
        taken = hashlib.new(checksum.algorithm) if checksum else None
        is_whole = True
        try:
            async for piece in stream:
                pending += piece
                if self.upload.received + len(pending) > self.upload.size:
                    raise Invalid("evidence.file_too_large", most=self.upload.size)
                if taken:
                    taken.update(piece)
                if len(pending) >= PART_BYTES and self.upload.received + len(pending) < self.upload.size:
                    await self._keep(bytes(pending))
                    pending.clear()
        except ClientDisconnect:
            is_whole = False
            log.info("upload %s: the line broke, %s bytes kept", self.upload.id, self.upload.received + len(pending))
        if is_whole and taken and checksum and taken.digest() != checksum.digest:
            await self._take_back(begun_at)
            raise Refused("evidence.checksum_mismatch")
        await self._keep_last(bytes(pending))

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
