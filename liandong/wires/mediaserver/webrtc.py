"""Browsers by WebRTC, at one address each way: WHIP to send, WHEP to watch. SDP comes in a POST, its answer goes back at once.

    POST   /whip/{stream}            a sender's offer; the ticket in the address, or as a bearer token
    POST   /whep/{stream}?ticket=…   a viewer's offer
    DELETE {the Location of either}  it is over
    POST   {the Location of a look}  {"shown", "dropped"} → {"at_ms", "zero_ms", "shows"}: the relay's clock, and what there is

Frames pass untouched; what holds the connections is a program of its own (`means/film/peers.py`).

Basis     RFC 9725 (WHIP); draft-ietf-wish-whep
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Awaitable, Callable
from functools import wraps

import msgspec
from aiohttp import web

from liandong.kernel.errors import Invalid, LiandongError
from liandong.kernel.paths import faces_folder
from liandong.kernel.settings import Settings
from liandong.wires.mediaserver.answers import FROM_ANYWHERE, refusal
from liandong.wires.mediaserver.play import RELAY
from liandong.wires.mediaserver.whep import Heard, Whep
from liandong.wires.mediaserver.whip import Whip

LARGEST_OFFER, LARGEST_QUESTION = 64 * 1024, 1024
BY_ANY_METHOD = {
    **FROM_ANYWHERE,
    "access-control-allow-methods": "POST, DELETE, OPTIONS",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-expose-headers": "location",
    "access-control-max-age": "86400",
}
PORTS = re.compile(r"(\d{1,5})-(\d{1,5})")
WHIP, WHEP = web.AppKey("whip", Whip), web.AppKey("whep", Whep)
Answering = Callable[[web.Request], Awaitable[web.Response]]


def command(chosen: Settings) -> list[str]:
    """The program that holds connections, with what it must know: under which addresses and ports it is reached.

    Raises    ValueError: a setting is wrong
    """
    listed = [one.strip() for one in chosen.webrtc_addresses.split(",") if one.strip()]
    host = [] if chosen.media_host in ("", "0.0.0.0", "::", "localhost") else [chosen.media_host]  # noqa: S104
    addresses = [str(ipaddress.ip_address(one)) for one in listed or host]
    ports = PORTS.fullmatch(chosen.webrtc_ports.strip()) if chosen.webrtc_ports else None
    if chosen.webrtc_ports and ports is None:
        raise ValueError(f"LIANDONG_WEBRTC_PORTS is {chosen.webrtc_ports}, not like 40000-40199")
    reach = {"addresses": addresses, "ports": [int(ports[1]), int(ports[2])] if ports else None}
    program = (chosen.faces or faces_folder()) / "webrtc" / "webrtc.mjs"
    return [chosen.webrtc_program, str(program), json.dumps(reach)]


def routes() -> list[web.RouteDef]:
    """The doors for WebRTC."""
    return [
        web.post("/whip/{stream_id}", _guarded(send)),
        web.delete("/whip/{stream_id}/{key}", _guarded(stop_sending)),
        web.post("/whep/{stream_id}", _guarded(watch)),
        web.post("/whep/{stream_id}/{key}", _guarded(tell)),
        web.delete("/whep/{stream_id}/{key}", _guarded(stop_watching)),
        *(web.options(path, _allowed) for path in ("/whip/{a}", "/whip/{a}/{b}", "/whep/{a}", "/whep/{a}/{b}")),
    ]


async def send(request: web.Request) -> web.Response:
    """A sender that was let in, and the answer to its offer."""
    key, answer = await request.app[WHIP].begin(*_asked(request), await _offer(request))
    return _created(f"{request.path}/{key}", answer)


async def watch(request: web.Request) -> web.Response:
    """A look that is on record, and the answer to its offer."""
    key, answer = await request.app[WHEP].begin(*_asked(request), await _offer(request))
    return _created(f"{request.path}/{key}", answer)


async def tell(request: web.Request) -> web.Response:
    """The relay's clock and what the stream shows, to a look that says how it goes."""
    try:
        said = msgspec.json.decode(await request.clone(client_max_size=LARGEST_QUESTION).read(), type=Heard)
    except (msgspec.DecodeError, web.HTTPRequestEntityTooLarge) as error:
        raise Invalid("video.protocol_broken") from error
    return web.json_response(request.app[WHEP].tell(request.match_info["key"], said), headers=BY_ANY_METHOD)


async def stop_sending(request: web.Request) -> web.Response:
    """This sender sends no more."""
    request.app[WHIP].end(request.match_info["key"])
    return web.Response(headers=BY_ANY_METHOD)


async def stop_watching(request: web.Request) -> web.Response:
    """This look is over."""
    request.app[WHEP].end(request.match_info["key"])
    return web.Response(headers=BY_ANY_METHOD)


def _asked(request: web.Request) -> tuple[str, str]:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return request.match_info["stream_id"], request.query.get("ticket") or bearer


async def _offer(request: web.Request) -> str:
    if request.content_type != "application/sdp":
        raise Invalid("video.offer_broken")
    try:
        return (await request.clone(client_max_size=LARGEST_OFFER).read()).decode()
    except (UnicodeDecodeError, web.HTTPRequestEntityTooLarge) as error:
        raise Invalid("video.offer_broken") from error


async def _allowed(_: web.Request) -> web.Response:
    return web.Response(status=204, headers=BY_ANY_METHOD)


def _created(path: str, answer: str) -> web.Response:
    headers = {**BY_ANY_METHOD, "location": path}
    return web.Response(status=201, text=answer, content_type="application/sdp", headers=headers)


def _guarded(answer: Answering) -> Answering:
    @wraps(answer)
    async def guarded(request: web.Request) -> web.Response:
        try:
            return await answer(request)
        except LiandongError as error:
            request.app[RELAY].counts.count(error.code)
            return refusal(error, BY_ANY_METHOD)

    return guarded
