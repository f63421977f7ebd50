"""The shell that all three services wear: problems, request ids, health, sessions."""

import logging
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from joserfc.jwk import KeySet
from pydantic import BaseModel
from sqlalchemy import text
from starlette.exceptions import HTTPException

from shared.db import Session, Sessions
from shared.logs import REQUEST_ID
from shared.problems import InvalidRequest, Problem

PROBLEM_JSON = "application/problem+json"
REQUEST_ID_SENT = re.compile(r"[A-Za-z0-9._-]{1,80}")
log = logging.getLogger(__name__)
health = APIRouter(prefix="/health", tags=["health"])


class ProblemBody(BaseModel):
    """Any error, whatever its status (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""


ANY_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "出错了（RFC 9457）",
        "content": {PROBLEM_JSON: {"schema": ProblemBody.model_json_schema()}},
    }
}


def create_app(title: str, *routers: APIRouter, sessions: Sessions, keys: KeySet) -> FastAPI:
    """A service from its routers and its two needs, so that tests may bring their own."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await sessions.kw["bind"].dispose()

    app = FastAPI(title=title, lifespan=lifespan, responses=ANY_PROBLEM)
    app.state.sessions, app.state.keys = sessions, keys
    app.middleware("http")(with_request_id)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for router in (health, *routers):
        app.include_router(router)
    return app


@health.get("/live")
async def check_live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/ready")
async def check_ready(session: Session) -> dict[str, str]:
    """The database answers, too."""
    await session.scalar(text("select 1"))
    return {"status": "ok"}


async def with_request_id(
    request: Request, respond: Callable[[Request], Awaitable[Response]]
) -> Response:
    """The caller's `X-Request-Id`, or a new one, in the logs and in the answer."""
    sent = request.headers.get("x-request-id", "")
    request_id = sent if REQUEST_ID_SENT.fullmatch(sent) else uuid.uuid4().hex
    REQUEST_ID.set(request_id)
    response = await respond(request)
    response.headers["x-request-id"] = request_id
    data = {"method": request.method, "path": request.url.path, "status": response.status_code}
    log.info("request", extra={"data": data})
    return response


def is_english(request: Request) -> bool:
    return request.headers.get("accept-language", "").lower().startswith("en")


async def on_problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    body = problem.body(request.url.path, english=is_english(request))
    return JSONResponse(body, problem.status, media_type=PROBLEM_JSON)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": "#/" + "/".join(map(str, found["loc"][1:])), "detail": found["msg"]}
        for found in error.errors()
    ]
    problem = InvalidRequest(
        f"有 {len(errors)} 处要改", f"{len(errors)} field(s) need attention.", errors=errors
    )
    return await on_problem(request, problem)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    body = {"type": "about:blank", "title": error.detail, "status": error.status_code}
    return JSONResponse(body, error.status_code, error.headers, media_type=PROBLEM_JSON)
