"""The HTTP application: every room's routes, the faces, and the shield around them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from liandong import __version__
from liandong.api import (
    addresses,
    base_map,
    documents,
    enterprise_file,
    field_pack,
    health,
    imports,
    public_visits,
    records,
    registers,
    sightings,
    sign_in,
    streams,
    telling,
)
from liandong.api.errors import add_error_handlers
from liandong.api.shield import Shield
from liandong.kernel.db import Database
from liandong.kernel.feed import Hub
from liandong.kernel.paths import faces_folder
from liandong.kernel.settings import settings
from liandong.means.evidence import routes as evidence
from liandong.means.evidence import tus
from liandong.means.tracks import routes as tracks
from liandong.means.tracks.looks import Looks
from liandong.means.tracks.telemetry import Telemetry
from liandong.means.video import routes as video
from liandong.oversight.border import routes as border
from liandong.oversight.coverage import routes as coverage
from liandong.oversight.efficiency import routes as efficiency
from liandong.oversight.picture import replay
from liandong.oversight.picture import routes as picture
from liandong.oversight.quality import routes as quality
from liandong.oversight.screens import routes as screens
from liandong.registers.alliances import routes as alliances
from liandong.registers.sources import routes as sources
from liandong.registers.trackers import routes as trackers
from liandong.registers.trackers.keyring import Keyring
from liandong.wires.dji import routes as wpml
from liandong.wires.osmand import routes as osmand
from liandong.wires.phone import positions
from liandong.wires.phone import routes as phone
from liandong.wires.s3 import routes as s3
from liandong.work.clues import routes as clues
from liandong.work.dispatch import routes as dispatch
from liandong.work.docks import media_routes
from liandong.work.docks import routes as docks
from liandong.work.drones import order_routes
from liandong.work.drones import routes as drones
from liandong.work.inspections import routes as inspections
from liandong.work.problems import routes as problems
from liandong.work.referrals import routes as referrals

ROUTERS = [
    sign_in.router, registers.router, sources.router, enterprise_file.router, field_pack.router, clues.router,
    dispatch.router, phone.router, positions.router, tracks.router, trackers.router, osmand.router, tus.router, evidence.router, inspections.router, problems.router, picture.router,
    health.router, imports.router, efficiency.router, quality.router, records.router, documents.router, replay.router,
    public_visits.router, addresses.router, drones.router, order_routes.router, docks.router, media_routes.router, wpml.router,
    sightings.router, streams.router, video.router, screens.router, border.router, base_map.router, coverage.router, alliances.router, referrals.router, telling.router,
]  # fmt: skip
FACES = ("office", "mobile", "screen", "public")


def make_app(db: Database | None = None) -> FastAPI:
    """The application on a prepared database. Without one it only describes itself (OpenAPI)."""

    @asynccontextmanager
    async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
        assert db is not None
        hub, telemetry = Hub(db), Telemetry(db)
        telemetry.listen_on(hub)
        app.state.db, app.state.hub, app.state.telemetry = db, hub, telemetry
        app.state.senders, app.state.looks, app.state.keyring = positions.Senders(), Looks(db), Keyring(db)
        app.state.files_refused = Counter[str]()
        running = [asyncio.create_task(hub.run()), asyncio.create_task(telemetry.run())]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            for task in running:
                with suppress(asyncio.CancelledError):
                    await task

    app = FastAPI(
        title="联动 liandong", version=__version__, lifespan=_lifespan, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", separate_input_output_schemas=False,
    )  # fmt: skip
    app.add_middleware(Shield)
    add_error_handlers(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    app.include_router(s3.router)  # clients of S3 allow no path before the bucket
    _add_faces(app)
    return app


class Face(StaticFiles):
    """A built face: its files, and for any path within it the page itself, because the face routes by path."""

    async def get_response(self, path: str, scope: Scope) -> FileResponse:
        """The file at `path`, or the face's page."""
        full, found = self.lookup_path(path)
        is_page = found is None or path in ("", ".", "index.html")
        file = full if found and not is_page else str(self.directory) + "/index.html"
        kept = "no-cache" if is_page or path.endswith(("sw.js", ".webmanifest")) else "public, max-age=31536000"
        return FileResponse(file, headers={"Cache-Control": kept})


def _add_faces(app: FastAPI) -> None:
    built = settings().faces or faces_folder()
    for face in FACES:
        folder = built / face
        if folder.is_dir():
            app.mount(f"/{face}", Face(directory=folder), name=face)

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/office/")
