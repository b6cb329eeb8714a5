"""Browsers by WebRTC: a program of Node that this process starts holds their connections and knows nothing else.

It is started by the first offer and again after it broke; frames go to it and come from it as `apps/webrtc/wire.ts` says.
Whoever starts it decides who may be connected: it only ever answers offers that were handed to it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import struct
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from liandong.kernel.errors import Broken, Invalid, LiandongError, Refused

log = logging.getLogger(__name__)

OFFER, FRAME, CLOSE, KEY, ANSWER, REFUSED, CONNECTED, CLOSED = 1, 2, 3, 4, 5, 6, 7, 8
HEAD = struct.Struct(">IBI")
LENGTH = 4
FRAME_HEAD = struct.Struct(">IB")
ANSWER_SECONDS = 5.0
ENDS_WITHIN_S = 2.0
AWAY = "video.webrtc_away"
Role = Literal["watch", "send"]


@dataclass(frozen=True)
class Film:
    """One frame: when it was taken (90 kHz, 32 bits, wherever they began), and its NAL units, each behind its length (4 bytes)."""

    time: int
    is_key: bool
    units: bytes


@dataclass(eq=False)
class Peer:
    """One connection. What comes from it is told by the four calls; after `on_closed` nothing more comes."""

    number: int
    on_frame: Callable[[Film], None] = lambda _: None
    on_key: Callable[[], None] = lambda: None
    on_connected: Callable[[], None] = lambda: None
    on_closed: Callable[[str], None] = lambda _: None
    answer: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Peers:
    """Every connection of this process, and the program that holds them. `command` is that program and its words."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._program: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._peers: dict[int, Peer] = {}
        self._last = 0

    async def welcome(self, peer: Peer, role: Role, sdp: str) -> str:
        """The answer to an offer; the connection comes about when the browser has it.

        Raises    video.offer_broken (422), video.codec_unknown, video.h265 (415), video.webrtc_away (503)
        """
        await self._start()
        self._peers[peer.number] = peer
        try:
            await self._say(OFFER, peer.number, json.dumps({"role": role, "sdp": sdp}).encode())
            async with asyncio.timeout(ANSWER_SECONDS):
                return await peer.answer
        except TimeoutError:
            raise Broken(AWAY) from None
        except BaseException:
            self._peers.pop(peer.number, None)
            raise

    def new(self) -> Peer:
        """A connection that is not there yet."""
        self._last = (self._last + 1) % (1 << 32)
        return Peer(self._last)

    async def show(self, peer: Peer, frame: Film) -> None:
        """The frame is on its way to this browser, unless its connection is over."""
        if peer.number in self._peers:
            await self._say(FRAME, peer.number, FRAME_HEAD.pack(frame.time & 0xFFFFFFFF, frame.is_key), frame.units)

    async def ask_key(self, peer: Peer) -> None:
        """This browser hears that a key frame is needed."""
        if peer.number in self._peers:
            await self._say(KEY, peer.number)

    async def close(self, peer: Peer) -> None:
        """This connection is over."""
        if self._peers.pop(peer.number, None) is not None:
            await self._say(CLOSE, peer.number)

    async def finish(self) -> None:
        """Every connection is over and the program has ended."""
        if self._program is None:
            return
        if self._program.stdin is not None:
            self._program.stdin.close()
        try:
            await asyncio.wait_for(self._program.wait(), ENDS_WITHIN_S)
        except TimeoutError:
            self._program.kill()
            await self._program.wait()
        if self._reading is not None:
            await self._reading

    async def _start(self) -> None:
        async with self._starting:
            if self._program is not None and self._program.returncode is None:
                return
            try:
                # it speaks with strangers and needs nothing that this process knows: no setting, no secret
                found = {"PATH": os.environ.get("PATH", os.defpath)}
                self._program = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, env=found)
            except OSError as error:
                log.warning("WebRTC cannot be offered: %s", error)
                raise Broken(AWAY) from None
            self._reading = asyncio.create_task(self._read(self._program))

    async def _say(self, kind: int, number: int, *body: bytes) -> None:
        program = self._program
        if program is None or program.stdin is None:
            return
        with suppress(ConnectionError):  # it broke; whoever reads from it ends the connections
            program.stdin.write(b"".join((HEAD.pack(HEAD.size - LENGTH + sum(map(len, body)), kind, number), *body)))
            await program.stdin.drain()

    async def _read(self, program: Process) -> None:
        assert program.stdout is not None
        try:
            while True:
                size, kind, number = HEAD.unpack(await program.stdout.readexactly(HEAD.size))
                self._hear(kind, number, await program.stdout.readexactly(size - HEAD.size + LENGTH))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it has ended
        finally:
            await self._forget(program)

    async def _forget(self, program: Process) -> None:
        """The program has ended, and every connection with it."""
        if program.returncode is None:
            with suppress(ProcessLookupError):
                program.kill()
        await program.wait()
        peers, self._peers = list(self._peers.values()), {}
        for peer in peers:
            _refuse(peer, Broken(AWAY))
            peer.on_closed("away")

    def _hear(self, kind: int, number: int, body: bytes) -> None:
        peer = self._peers.get(number)
        if peer is None:
            return
        if kind == FRAME:
            time, is_key = FRAME_HEAD.unpack_from(body)
            peer.on_frame(Film(time, bool(is_key), body[FRAME_HEAD.size :]))
        elif kind == KEY:
            peer.on_key()
        elif kind == ANSWER:
            _answer(peer, json.loads(body)["sdp"])
        elif kind == REFUSED:
            _refuse(peer, _reason(json.loads(body)))
        elif kind == CONNECTED:
            peer.on_connected()
        elif kind == CLOSED:
            self._peers.pop(number, None)
            peer.on_closed(json.loads(body)["why"])


def _answer(peer: Peer, sdp: str) -> None:
    if not peer.answer.done():
        peer.answer.set_result(sdp)


def _refuse(peer: Peer, error: LiandongError) -> None:
    if not peer.answer.done():
        peer.answer.set_exception(error)
        peer.answer.exception()  # whoever waited may have left


def _reason(said: dict[str, Any]) -> Refused | Invalid:
    log.info("an offer was not answered: %s", said["why"])
    return Refused("video.codec_unknown") if "codec" in said["why"] else Invalid("video.offer_broken")
