"""Each media server's way to ask and to be asked, by the samples of its own documents; only nginx-rtmp is run (wires/mediaserver).

The samples are those of the documents that the modules name, with the stream and ticket put in. What answers here speaks as the
documents say and is no such server: these tests show that we read the documents, not that a server keeps to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from liandong.kernel.errors import Invalid
from liandong.kernel.settings import settings
from liandong.means.film.refusals import Unusable
from liandong.means.ingest.choice import SERVERS, ingest_server, pulled_at
from liandong.means.ingest.pull import PullRefused, pulled
from liandong.means.ingest.server import Asked, IngestServer, hook_secret
from tests.ports import free_port

STREAM = "01900000-0000-7000-8000-000000000001"
TICKET = "1.1795582333.abc.key.signature"
ZLM = {"app": "live", "id": "140186529001776", "ip": "10.0.17.132", "params": f"ticket={TICKET}", "port": 65284,
       "schema": "rtmp", "stream": STREAM, "vhost": "__defaultVhost__", "mediaServerId": "your_server_id"}  # fmt: skip
MTX = {"user": "", "password": "", "token": "", "ip": "10.0.0.9", "action": "publish", "path": f"live/{STREAM}",
       "protocol": "rtmp", "id": "d0b7", "query": f"ticket={TICKET}", "userAgent": ""}  # fmt: skip
SRS_SAMPLE = {"server_id": "vid-0xk989d", "action": "on_publish", "client_id": "341w361a", "ip": "10.0.0.9",
              "vhost": "__defaultVhost__", "app": "live", "tcUrl": "rtmp://10.0.0.2/live", "stream": STREAM,
              "param": f"?ticket={TICKET}", "stream_url": f"/live/{STREAM}", "stream_id": "vid-124q9y3"}  # fmt: skip
NGINX = {"app": "live", "flashver": "FMLE/3.0", "swfurl": "", "tcurl": "rtmp://127.0.0.1/live", "pageurl": "",
         "addr": "127.0.0.1", "clientid": "17", "call": "publish", "name": STREAM, "type": "live", "ticket": TICKET}  # fmt: skip
CASES = [
    ("nginx_rtmp", "ask", NGINX, Asked("publish", STREAM, TICKET, "17")),
    ("nginx_rtmp", "ask", {**NGINX, "call": "update_publish"}, Asked("goes_on", STREAM, TICKET, "17")),
    ("nginx_rtmp", "ask", {**NGINX, "call": "update_play"}, Asked("plays_on", STREAM, TICKET, "17")),
    ("nginx_rtmp", "ask", {**NGINX, "call": "publish_done"}, Asked("left", STREAM, TICKET, "17")),
    ("zlmediakit", "on_publish", ZLM, Asked("publish", STREAM, TICKET)),
    ("zlmediakit", "on_play", ZLM, Asked("play", STREAM, TICKET)),
    ("zlmediakit", "on_publish", {**ZLM, "app": "other"}, Asked("publish", "", TICKET)),
    ("zlmediakit", "on_stream_changed", {**ZLM, "regist": True}, Asked("other", STREAM)),
    ("mediamtx", "auth", MTX, Asked("publish", STREAM, TICKET)),
    ("mediamtx", "auth", {**MTX, "action": "read"}, Asked("play", STREAM, TICKET)),
    ("mediamtx", "auth", {**MTX, "path": STREAM}, Asked("publish", "", TICKET)),
    ("srs", "on_publish", SRS_SAMPLE, Asked("publish", STREAM, TICKET, "341w361a")),
    ("srs", "on_play", {**SRS_SAMPLE, "action": "on_play"}, Asked("play", STREAM, TICKET, "341w361a")),
    ("srs", "on_unpublish", {**SRS_SAMPLE, "action": "on_unpublish"}, Asked("left", STREAM, TICKET, "341w361a")),
]
API: dict[str, Any] = {
    "/index/api/getMediaList": {"code": 0, "data": [{"app": "live", "stream": STREAM, "schema": "rtmp", "readerCount": 0}]},
    "/index/api/close_streams": {"code": 0, "count_hit": 1, "count_closed": 1},
    "/v3/paths/list": {"itemCount": 2, "pageCount": 1, "items": [
        {"name": f"live/{STREAM}", "source": {"type": "rtmpConn", "id": "c1"}, "ready": True},
        {"name": "live/nobody", "source": None, "ready": False}]},
    f"/v3/paths/get/live/{STREAM}": {"name": f"live/{STREAM}", "source": {"type": "rtmpConn", "id": "c1"}},
    "/v3/rtmpconns/kick/c1": {},
    "/api/v1/streams/": {"code": 0, "server": "vid-1", "streams": [
        {"id": "vid-2", "name": STREAM, "app": "live", "publish": {"active": True, "cid": "c7"}},
        {"id": "vid-3", "name": "old", "app": "live", "publish": {"active": False, "cid": ""}}]},
    "/api/v1/clients/c7": {"code": 0},
}  # fmt: skip
STOPS = {
    "zlmediakit": f"GET /index/api/close_streams secret=s3cret&app=live&stream={STREAM}&force=1",
    "mediamtx": "POST /v3/rtmpconns/kick/c1 ",
    "srs": "DELETE /api/v1/clients/c7 ",
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server's own interface, in the settings."""
    port = free_port()
    monkeypatch.setenv("LIANDONG_MEDIA_SERVER_API", f"http://127.0.0.1:{port}/")
    monkeypatch.setenv("LIANDONG_MEDIA_SERVER_SECRET", "s3cret")
    settings.cache_clear()
    yield port
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(("name", "what", "fields", "asked"), CASES)
def test_what_a_server_asks_is_understood(name: str, what: str, fields: dict[str, Any], asked: Asked) -> None:
    assert SERVERS[name]().read_hook(what, fields) == asked


@pytest.mark.parametrize("name", SERVERS)
@trying(deadline=None)
@given(
    what=st.text(max_size=20),
    fields=st.dictionaries(
        st.sampled_from(
            ["call", "action", "app", "stream", "name", "path", "param", "params", "query", "schema", "regist"]
        ),
        st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.integers(), max_size=2),
    ),
)
def test_any_fields_are_read_or_refused(name: str, what: str, fields: dict[str, Any]) -> None:
    with suppress(Invalid):  # and nothing else is raised
        assert isinstance(SERVERS[name]().read_hook(what, fields), Asked)


async def test_what_runs_is_known_and_can_be_stopped_and_silence_or_nonsense_is_not_nothing(api: int) -> None:
    heard: list[str] = []
    said: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        heard.append(f"{request.method} {request.path} {request.query_string}")
        if request.path not in said:
            return web.Response(status=404)
        return web.json_response(said[request.path])

    untried = [kind() for kind in SERVERS.values() if not kind.is_tried]
    assert [await one.running() for one in untried] == [None] * 3
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api).start()
    try:
        assert [await one.running() for one in untried] == [None] * 3
        said |= API
        assert [await one.running() for one in untried] == [{STREAM}] * 3
        for one in untried:
            assert await one.stop(STREAM)
            assert heard[-1] == STOPS[one.name]
        for path in API:
            said[path] = {"code": "none", "items": 5}
        assert [await one.running() for one in untried] == [None] * 3
        assert await untried[0].stop(STREAM) is False
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("name", ["embedded", *SERVERS])
def test_the_setting_chooses_it_and_its_configuration_names_our_hooks(
    name: str, monkeypatch: pytest.MonkeyPatch, api: int
) -> None:
    monkeypatch.setenv("LIANDONG_MEDIA_SERVER", name)
    monkeypatch.setenv("LIANDONG_RTMP_PORT", "1999")
    settings.cache_clear()
    chosen: IngestServer | None = ingest_server()
    assert (chosen.name if chosen else "embedded") == name
    assert pulled_at() == "rtmp://127.0.0.1:1999/live"
    if chosen is not None:
        assert f"/hooks/{hook_secret()}/" in chosen.configuration()
        assert "1999" in chosen.configuration()


@trying(deadline=None, max_examples=50)
@given(st.binary(max_size=4000), st.booleans())
async def test_a_server_that_talks_nonsense_ends_the_pull_and_no_more(data: bytes, shakes_hands: bool) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes([3]) + bytes(2 * 1536) + data if shakes_hands else data)
        writer.write_eof()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        address = f"rtmp://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
        with pytest.raises((Unusable, PullRefused, ConnectionError)):
            await _pull_all(address)


async def _pull_all(address: str) -> None:
    async with pulled(address, STREAM, TICKET) as pull:
        async for _ in pull.messages():
            pass
