"""Every route, tried from a neighbour: what is not seen does not exist, in records and in lists alike."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from liandong.api.app import make_app
from tests.access.routes import (
    BY_CODE,
    BY_KEY,
    BY_SIGNATURE,
    EAST,
    OFFICER,
    OWN_FILE,
    ROUTES,
    SEEN_BY_ALL,
    YEAR,
    Fill,
    Listing,
    Record,
    Refers,
)
from tests.access.scene import Scene
from tests.conftest import As
from tests.seat import PICTURE, assert_words, digest
from tests.world import Person, World

SPEC = make_app().openapi()["paths"]
DECLARED = {f"{method.upper()} {path}" for path, methods in SPEC.items() for method in methods}
RECORDS = [route for route, entry in ROUTES.items() if isinstance(entry, Record)]
LISTS = [route for route, entry in ROUTES.items() if isinstance(entry, Listing)]
REFERRING = [route for route, entry in ROUTES.items() if isinstance(entry, Refers)]


def strangers(world: World) -> list[Person]:
    """Every role of a neighbour, and of a foreign city; none of them has anything to do with the scene."""
    near, far = world.south, world.foreign
    return [near.dispatcher, near.leader, near.lin, world.west.luo, far.dispatcher, far.leader, far.lin]


async def ask(as_: As, person: Person, route: str, scene: Scene, params: Fill | None = None) -> httpx.Response:
    method, path = route.split(" ")
    entry = ROUTES[route]
    more: dict[str, Any] = {"params": params(scene)} if params else {}
    if isinstance(entry, Record):
        path = path.format(**entry.path(scene))
        if entry.form:
            more |= {"data": entry.form(scene), "files": {"file": ("示例.png", PICTURE, "image/png")}}
        elif method in ("POST", "PUT"):
            more |= {"json": entry.body(scene) if entry.body else {}}
    if isinstance(entry, Refers):
        more |= {"json" if method == "POST" else "params": entry.body(scene)}
    return await as_(person).ask(method, path.removeprefix("/api"), **more)


def test_every_route_is_on_this_page() -> None:
    assert set(ROUTES) == DECLARED


def test_a_route_with_an_id_in_its_path_leads_to_a_record() -> None:
    with_id = {route for route in DECLARED if "_id}" in route}
    others = {route for route, kind in ROUTES.items() if kind in (OWN_FILE, SEEN_BY_ALL, BY_SIGNATURE)}
    assert with_id == set(RECORDS) | others


async def test_a_record_out_of_sight_does_not_exist(as_: As, world: World, scene: Scene) -> None:
    for route in RECORDS:
        for person in strangers(world):
            answer = await ask(as_, person, route, scene)
            assert answer.status_code == 404, f"{route} by {person.login}: {answer.status_code} {answer.text[:300]}"
            assert answer.json()["code"] == "kernel.not_found"
            assert not [mark for mark in scene.numbers if mark in answer.text]


async def test_an_unknown_id_and_one_out_of_sight_are_answered_alike(as_: As, world: World, scene: Scene) -> None:
    """Otherwise the answer would tell that there is something."""
    unknown = Scene(*([OFFICER] * (len(fields(Scene)) - 1)), numbers=())
    for route in RECORDS:
        hidden = (await ask(as_, world.south.dispatcher, route, scene)).json()
        absent = (await ask(as_, world.south.dispatcher, route, unknown)).json()
        assert {**hidden, "request_id": ""} == {**absent, "request_id": ""}, route


async def test_no_list_shows_what_is_out_of_sight(as_: As, world: World, scene: Scene) -> None:
    for route in LISTS:
        entry = ROUTES[route]
        assert isinstance(entry, Listing)
        for params in entry.asked:
            for person in strangers(world):
                answer = await ask(as_, person, route, scene, params)
                # an id that was asked for may be repeated; an inspector need not hold every list's verb
                assert answer.status_code in (200, 403), f"{route} by {person.login}: {answer.text[:300]}"
                assert not [mark for mark in scene.marks if mark in answer.text], f"{route} by {person.login}"
                if answer.status_code == 200 and isinstance(answer.json(), dict) and "total" in answer.json():
                    assert answer.json()["total"] == len(answer.json()["items"]), route


async def test_every_list_shows_its_record_at_home(as_: As, world: World, scene: Scene) -> None:
    """Without this the test above could pass by showing nobody anything."""
    for route in LISTS:
        answer = await ask(as_, world.east.dispatcher, route, scene, ROUTES[route].asked[0])  # type: ignore[union-attr]
        assert answer.status_code == 200
        if route != "GET /api/ledger":
            assert [mark for mark in scene.marks if mark in answer.text], route
        else:
            assert answer.json() != []


async def test_nobody_can_point_to_what_he_does_not_see(as_: As, world: World, scene: Scene) -> None:
    for route in REFERRING:
        entry = ROUTES[route]
        assert isinstance(entry, Refers)
        for person in strangers(world):
            answer = await ask(as_, person, route, scene)
            told = (answer.json().get("code"), answer.status_code)
            lacks_the_verb = ("access.verb_missing", 403)
            assert told in ((entry.code, entry.status), lacks_the_verb), (
                f"{route} by {person.login}: {answer.text[:300]}"
            )
            assert not [mark for mark in scene.numbers if mark in answer.text]


async def test_every_route_asks_who_is_there(client: httpx.AsyncClient, scene: Scene, app: FastAPI) -> None:
    by_code = {route for route, entry in ROUTES.items() if entry in (BY_CODE, BY_KEY, BY_SIGNATURE)}
    open_to_all = {"POST /api/session", "GET /api/health", "GET /api/deeds/key", "GET /api/addresses"} | by_code
    for route in sorted(DECLARED - open_to_all):
        method, path = route.split(" ")
        entry = ROUTES[route]
        nobodys = {"sha256": digest(PICTURE), "upload_id": OFFICER, "zone_id": OFFICER, "area_code": "990102"}
        where = entry.path(scene) if isinstance(entry, Record) else nobodys
        query = {"subject_id": scene.task, "figure": "site_visits", **YEAR, **EAST(scene)}
        for headers in ({}, {"Authorization": "Bearer nobody"}, {"Cookie": "liandong_session=nobody"}):
            said = {**headers, "Tus-Resumable": "1.0.0"}
            answer = await client.request(method, path.format(**where), headers=said, params=query)
            if method == "HEAD":  # an answer without a body
                assert answer.status_code == 401, route
                continue
            assert (answer.status_code, answer.json()["code"]) in (
                (401, "access.sign_in_required"),
                (422, "kernel.invalid_input"),  # a body is read before anybody is asked
            ), f"{route}: {answer.text[:300]}"
            if method == "GET":
                assert answer.status_code == 401, route
            assert_words(answer.json())


@pytest.mark.parametrize("path", ["/api/nothing", "/api/tasks/not-an-id", "/api/../api/tasks/", "/api/sources/%00"])
async def test_a_path_that_leads_nowhere_says_so_in_the_one_shape(as_: As, world: World, path: str) -> None:
    answer = await as_(world.chief).ask("GET", path.removeprefix("/api"))
    assert answer.status_code in (404, 422, 307)
    if answer.status_code != 307:
        assert answer.headers["content-type"] == "application/problem+json"
        assert_words(answer.json())
