"""A sender by WebRTC: a browser, OBS or ffmpeg. Only H.264 is taken; sound is passed over."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from dataclasses import dataclass

from liandong.means.channels.hub import Channel, Session
from liandong.means.film.flv import Holds, VideoTag
from liandong.means.film.h264 import DELIMITER, PPS, SPS, joined, record_of, units_in
from liandong.means.film.peers import Film, Peer, Peers
from liandong.means.film.refusals import Unusable
from liandong.wires.mediaserver.relay import Relay, Sending, stream_id_in

log = logging.getLogger(__name__)

RTP_PER_MS = 90
ROUND, HALF = 1 << 32, 1 << 31
SILENT_SECONDS = 10.0


class RtpClock:
    """Times of 32 bits that begin anywhere and come round, as milliseconds that only go on."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._total = 0

    def ms(self, time_90khz: int) -> int:
        """Milliseconds since the first frame."""
        step = 0 if self._last is None else (time_90khz - self._last + HALF) % ROUND - HALF
        self._last, self._total = time_90khz, self._total + step
        return self._total // RTP_PER_MS


@dataclass(eq=False)
class WhipSender:
    """One sender by WHIP."""

    sending: Sending
    channel: Channel
    peer: Peer
    clock: RtpClock
    heard_at: float = 0.0


class Whip:
    """Everybody who sends by WHIP."""

    def __init__(self, relay: Relay, peers: Peers) -> None:
        self._relay, self._peers = relay, peers
        self._senders: dict[str, WhipSender] = {}

    async def begin(self, stream_id_text: str, ticket: str, offer: str) -> tuple[str, str]:
        """The key of a new sender and the answer to its offer.

        Raises    video.ticket_invalid, video.ticket_expired, video.relay_full, video.offer_broken, video.codec_unknown,
                  video.webrtc_away
        """
        self._relay.require_room_to_send()
        stream_id, key, peer = stream_id_in(stream_id_text), secrets.token_urlsafe(16), self._peers.new()
        session = Session(stream_id, lambda why: self._cut_off(key, why), lambda: self._ask_key(key), protocol="whip")
        sending, channel = await self._relay.welcome(session, ticket)
        sender = self._senders[key] = WhipSender(sending, channel, peer, RtpClock(), heard_at=time.monotonic())
        peer.on_frame = lambda film: self._take(key, sender, film)
        peer.on_closed = lambda _: self.end(key)
        self._look_after(key)
        try:
            return key, await self._peers.welcome(peer, "send", offer)
        except BaseException:
            self.end(key)
            raise

    def end(self, key: str) -> None:
        """This sender has gone."""
        if (sender := self._senders.pop(key, None)) is not None:
            self._relay.leave(sender.sending, sender.channel)
            self._relay.errand(self._peers.close(sender.peer))

    def _cut_off(self, key: str, why: str) -> None:
        log.info("a sender by WHIP was cut off: %s", why)
        self.end(key)

    def _turn_away(self, key: str, code: str) -> None:
        self._relay.counts.count(code)
        if (sender := self._senders.get(key)) is not None:
            self._relay.errand(self._relay.doors.had_fault(sender.channel.stream_id, code))
        self.end(key)

    def _ask_key(self, key: str) -> None:
        if (sender := self._senders.get(key)) is not None:
            self._relay.errand(self._peers.ask_key(sender.peer))

    def _take(self, key: str, sender: WhipSender, film: Film) -> None:
        if key not in self._senders:
            return
        sender.heard_at = time.monotonic()
        try:
            is_first = self._show(sender, film)
        except Unusable as error:
            log.info("a sender by WHIP was turned away: %s", error)
            self._turn_away(key, error.code)
            return
        if is_first:
            self._relay.went_live(sender.sending, sender.channel)

    def _show(self, sender: WhipSender, film: Film) -> bool:
        units = list(units_in(film.units))
        kinds = {unit[0] & 0x1F: unit for unit in units}
        at_ms, channel = sender.clock.ms(film.time), sender.channel
        if SPS in kinds and PPS in kinds:
            channel.take(VideoTag(Holds.configuration, True, 0, record_of(kinds[SPS], kinds[PPS])), at_ms)
        picture = joined(unit for unit in units if unit[0] & 0x1F not in (SPS, PPS, DELIMITER))
        if channel.begin is None:
            channel.ask_key()
            return False
        return bool(picture) and channel.take(VideoTag(Holds.frame, film.is_key, 0, picture), at_ms)

    def _look_after(self, key: str) -> None:
        if (sender := self._senders.get(key)) is None:
            return
        left = sender.heard_at + SILENT_SECONDS - time.monotonic()
        if left <= 0:
            self._turn_away(key, "video.sender_silent")
        else:
            asyncio.get_running_loop().call_later(left + 0.1, self._look_after, key)
