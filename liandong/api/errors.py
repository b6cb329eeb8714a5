"""Every error leaves as problem+json with a stable code, in Chinese and English."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from liandong.api.shield import SECURITY_HEADERS
from liandong.kernel.db import DATABASE_GONE
from liandong.kernel.errors import Broken, FieldError, Invalid, LiandongError, Refused

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def _answer(request: Request, error: LiandongError) -> JSONResponse:
    request_id = getattr(request.state, "request_id", None)
    body = error.body(request_id)
    return JSONResponse(body, status_code=error.status, headers=error.headers, media_type=MEDIA_TYPE)


async def _known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LiandongError)
    if isinstance(error, Broken):
        log.error("request %s: %s", getattr(request.state, "request_id", None), error, exc_info=error)
    return _answer(request, error)


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [FieldError(_path(item["loc"]), "kernel.invalid_field", {"why": item["msg"]}) for item in error.errors()]
    return _answer(request, Invalid("kernel.invalid_input", field_errors=fields))


def _path(location: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in location if step != "body")


async def _plain(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, LiandongError):  # raised while the body was read
        return _answer(request, error.__cause__)
    codes = {404: "kernel.not_found", 405: "kernel.method_not_allowed"}
    return _answer(request, Refused(codes.get(error.status_code, "kernel.refused"), status=error.status_code))


async def _no_database(request: Request, error: Exception) -> JSONResponse:
    """Nobody knows what became of the request; a phone that hears 503 waits and asks again."""
    log.warning("request %s: database out of reach: %s", getattr(request.state, "request_id", None), error)
    return _answer(request, Broken("kernel.database_unavailable"))


async def _left(request: Request, error: Exception) -> Response:
    """Whoever asked is gone in the middle of his request, as phones do; nobody hears this, and nothing went wrong here."""
    return Response(status_code=400)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    request_id = getattr(request.state, "request_id", None)
    log.error("request %s broke", request_id, exc_info=error)
    answer = _answer(request, Broken("kernel.broken"))
    answer.headers.update({**SECURITY_HEADERS, "x-request-id": str(request_id), "cache-control": "no-store"})
    return answer  # it is made outside the shield


def add_error_handlers(app: FastAPI) -> None:
    """Afterwards nothing but problem+json leaves the app when something goes wrong."""
    app.add_exception_handler(LiandongError, _known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(ClientDisconnect, _left)
    for gone in DATABASE_GONE:
        app.add_exception_handler(gone, _no_database)
    app.add_exception_handler(Exception, _broken)
