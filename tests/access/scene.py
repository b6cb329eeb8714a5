"""A scene in the east, in the middle of its work: one record of every kind that neighbours must not see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.work.docks.files import Received, note_received
from liandong.work.docks.filing import Report, file_reported
from liandong.work.docks.queries import known_dock
from liandong.work.drones.queries import flown_for
from liandong.work.inspections.tables import Signature
from tests.allies import in_force
from tests.phone import Phone
from tests.seat import PICTURE, Seat, digest
from tests.world import BORDER_POINT, PETITIONER, Person, World

SIGNED = "示例签名".encode()
AIRCRAFT = {"title": "示例一号机", "model": "示例机型", "serial_no": "示例-0001", "registration_no": "示例登记号",
            "swath_per_height": 1.4, "speed_m_s": 10, "usable_min": 30,
            "wpml_keys": {"drone": 91, "drone_sub": 1, "payload": 81}}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """The ids of everything in it. The officers `lin` of the east and `luo` of the south are on the task."""

    source: str
    clue: str
    open_clue: str
    task: str
    inspection: str
    signature: str
    evidence: str
    problem: str
    aircraft: str
    mission: str
    flight_order: str
    dock: str
    stream: str
    tracker: str
    layout: str
    memorandum: str
    referral: str
    numbers: tuple[str, ...]

    @property
    def marks(self) -> list[str]:
        """What no answer to a stranger may contain."""
        ids = [getattr(self, one.name) for one in fields(self) if one.name != "numbers"]
        return [*ids, *self.numbers]


async def play(db: Database, world: World) -> Scene:
    """The scene has been played through the API; the officers are still on site."""
    flow.connect()
    app, worker = make_app(db), Worker(db, flow.afterwards(), flow.TIMETABLE)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            scene = await _play(world, lambda person: Seat(client, person), worker.drain)
    async with db.transaction(Role.worker) as session:
        signature = (await session.scalars(select(Signature.id))).one()
        await _bring_photo(session, scene)
    await worker.drain()
    return Scene(**scene, signature=str(signature))  # type: ignore[arg-type]


async def _bring_photo(session: AsyncSession, scene: Mapping[str, str | tuple[str, ...]]) -> None:
    """The dock has brought a photograph of the flight that was ordered."""
    dock = await known_dock(session, "7CTDSAMPLE0")
    content = b"\xff\xd8\xff" + "示例航拍".encode()
    await note_received(
        session, dock.id, Received("7CTDSAMPLE0/1.jpeg", digest(content), len(content), "0" * 32, content)
    )
    flown = await flown_for(session, UUID(str(scene["flight_order"])), dock.aircraft_id)
    await file_reported(session, dock, "7CTDSAMPLE0/1.jpeg", Report(None, None, None, {}), flown)


async def _play(
    world: World, as_: Callable[[Person], Seat], drain: Callable[[], Awaitable[int]]
) -> dict[str, str | tuple[str, ...]]:
    desk, luo = as_(world.east.dispatcher), as_(world.south.luo)
    lon, lat = BORDER_POINT[0] + 0.001, BORDER_POINT[1] + 0.001
    where = {"lon": lon, "lat": lat, "source_id": str(world.factory)}
    clue = await desk.receive_clue(kind="petition", petitioner=PETITIONER, **where)
    waiting = await desk.receive_clue(petitioner=PETITIONER, **where)
    accepted = await desk.accept_clue(clue, mode="joint")
    task = await desk.assign(accepted["task_id"], world.east.lin, world.south.luo)
    phone = Phone(luo, task)
    await luo.put_file(SIGNED)
    await luo.put_file(PICTURE)
    phone.accept()
    phone.arrive((lon, lat))
    phone.answer("air", "air.facility_running", "no")
    phone.find()
    photo = phone.photograph(PICTURE, "示例：证明治理设施停运", problem_id=phone.problem_id)
    phone.sign(SIGNED, world.south.luo)
    await phone.did(*phone.outbox)
    problem = await desk.order({"id": phone.problem_id})
    stream = await desk.post("/streams", {"kind": "drone", "title": "示例无人机", "task_id": task["id"]})
    await drain()
    visit = await desk.get(f"/inspections/{phone.inspection_id}")
    aircraft = await desk.post("/aircraft", AIRCRAFT)
    await desk.post(f"/aircraft/{aircraft['id']}/autopilot", {"system_id": 9})
    wish = {"kind": "places", "source_ids": [str(world.factory)], "home": [lon, lat], "task_id": task["id"]}
    mission = await desk.post("/missions", wish | {"title": "示例巡飞", "aircraft_id": aircraft["id"]})
    pilot = {"pilot_officer_id": str(world.east.lin.officer)}
    flown = await desk.post("/missions", wish | {"title": "示例巡飞", "aircraft_id": aircraft["id"]})
    await desk.post(f"/missions/{flown['id']}/release", pilot)
    order = await desk.post(f"/missions/{flown['id']}/orders", {"flight_number": 1})
    place = {"title": "示例机场", "serial_no": "7CTDSAMPLE0", "lon": lon, "lat": lat}
    dock = await desk.post("/docks", place | {"aircraft_id": aircraft["id"], "stream_id": stream["id"]})
    tracker = await desk.post("/trackers", {"kind": "vehicle", "title": "示例执法车"})
    layout = await desk.post("/screens/wall-layouts", {"operation": "示例夜查", "stream_ids": [stream["id"]]})
    memorandum = await in_force(as_, world.east, world.north)
    told = await desk.tell(world.north, description="示例：交界处沟渠有异味")
    await drain()
    return {
        "source": str(world.factory), "clue": clue["id"], "open_clue": waiting["id"], "task": task["id"],
        "inspection": phone.inspection_id, "evidence": photo["id"], "problem": phone.problem_id,
        "aircraft": aircraft["id"], "mission": mission["id"], "stream": stream["id"],
        "tracker": tracker["id"], "flight_order": order["id"], "dock": dock["id"],
        "layout": layout["id"], "memorandum": memorandum["id"], "referral": told["id"],
        "numbers": (clue["number"], waiting["number"], task["number"], visit["number"], problem["number"],
                    mission["number"], memorandum["number"], told["number"], told["clue_number"]),
    }  # fmt: skip
