"""The HTTP shell of all services: problems, request ids, health, metrics, documents."""

import logging
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from joserfc.jwk import KeySet
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.child_processes.child import start_server
from shared.database.sessions import (
    CONNECTION_ERRORS,
    Reads,
    Sessions,
    is_database_away,
    no_answer,
)
from shared.http.delivery import DeliveryMiddleware
from shared.http.docs import add_docs
from shared.http.field_errors import MAX_ERRORS, count_errors
from shared.http.idempotency import AnswerColumns
from shared.http.index_page import add_index
from shared.http.metrics import AppMetrics, MetricsMiddleware
from shared.http.openapi import PROBLEM_MEDIA_TYPE, openapi_document
from shared.http.parameters import check_address
from shared.http.service_route import ServiceRoute
from shared.http.tokens import ANY_OF_OURS
from shared.http.validation_messages import request_error_document
from shared.logs import REQUEST_ID
from shared.problems import (
    BadRequest,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    NotReady,
    Problem,
    raises,
)

# Whether the account of the database owns the tables, so that it could disable their triggers.
OWNERSHIP_QUERY = """
    SELECT EXISTS (
        SELECT FROM pg_class WHERE oid = to_regclass($1) AND pg_has_role(relowner, 'MEMBER')
    ) AS is_owner"""
OWNER_NOTE = "本服务的数据库账号拥有这些表，能停用保护审计记录的触发器；另设账号见 deploy/README.md"
API_VERSION = "0.3.0"  # raised with every release: the second number where it breaks who uses it
STATUS_PROBLEMS = {400: BadRequest, 404: NotFound, 405: MethodNotAllowed}
RETRIED_STATUSES = frozenset({429, 503})
RETRY_SECONDS = 5  # after which to ask again what could not be answered now
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,80}")
log = logging.getLogger(__name__)


def create_service_app(
    title: str,
    *routers: APIRouter,
    sessions: Sessions,
    keys: KeySet,
    answers: type[AnswerColumns],
    examples: Path | None = None,
) -> FastAPI:
    """A service from its routers, database and keys.

    `answers` is the service's table of stored answers for `Idempotency-Key`, `examples` the file of
    recorded examples for its document.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        start_server()
        yield
        await sessions.kw["bind"].dispose()

    app = FastAPI(
        title=title, version=API_VERSION, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.sessions, app.state.keys, app.state.answers = sessions, keys, answers
    app.state.token_names = ANY_OF_OURS  # of another issuer where the settings say so
    app.state.metrics = metrics = AppMetrics(sessions)
    app.add_middleware(DeliveryMiddleware, handle_problem)
    app.add_middleware(MetricsMiddleware, metrics)
    app.add_middleware(RequestIdMiddleware)
    app.add_exception_handler(Problem, handle_problem)
    app.add_exception_handler(RequestValidationError, handle_validation_error)
    app.add_exception_handler(HTTPException, handle_http_error)
    app.add_exception_handler(ClientDisconnect, handle_disconnect)
    for error in CONNECTION_ERRORS:
        app.add_exception_handler(error, handle_database_error)
    app.add_exception_handler(Exception, handle_failure)
    for router in (health_router(title.lower(), answers), metrics.router, *routers):
        app.router.routes.extend(router.routes)
    add_docs(app)
    add_index(app)
    app.openapi = lambda: openapi_document(app, examples)  # type: ignore[method-assign]
    return app


def health_router(service: str, answers: type[AnswerColumns]) -> APIRouter:
    """The health routes, named after the service, as operation ids are unique in all documents.

    `answers` is one of the tables that the service's account should not own.
    """
    table = f"{answers.metadata.schema}.{answers.__tablename__}"
    router = APIRouter(prefix="/health", tags=["运行状况"], route_class=ServiceRoute)

    @router.get("/live", operation_id=f"check_{service}_live", summary="进程是否应答")
    async def check_live() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/ready", operation_id=f"check_{service}_ready", summary="数据库是否应答")
    @raises(NotReady)
    async def check_ready(reads: Reads) -> dict[str, str]:
        """The database answers, too; `account` is `owner` where it could disable triggers."""
        ((is_owner,),) = await reads.fetch(OWNERSHIP_QUERY, table)
        account = {"account": "owner", "note": OWNER_NOTE} if is_owner else {"account": "service"}
        return {"status": "ok", **account}

    return router


class RequestIdMiddleware:
    """The caller's `X-Request-Id`, or a new one, in the logs and in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = sent if REQUEST_ID_PATTERN.fullmatch(sent) else uuid.uuid4().hex
        REQUEST_ID.set(request_id)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = request_id
                data = {"method": scope["method"], "path": scope["path"]}
                log.info("request", extra={"data": data | {"status": message["status"]}})
            await send(message)

        await self.app(scope, receive, answer)


def is_english(request: Request) -> bool:
    return request.headers.get("accept-language", "").lower().startswith("en")


async def handle_problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    body = problem.body(request.url.path, english=is_english(request))
    after = problem.extra.get("retry_after")  # seconds, where a problem knows better
    headers = None if after is None else {"retry-after": str(after)}
    return build_problem_response(body, problem.status, headers)


def build_problem_response(
    body: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error, which nobody keeps or sniffs; with the time to ask again where that may help."""
    retrying = {"retry-after": str(RETRY_SECONDS)} if status in RETRIED_STATUSES else {}
    kept = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    headers = {**retrying, **(headers or {}), **kept}
    return JSONResponse(body, status, headers, media_type=PROBLEM_MEDIA_TYPE)


async def handle_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found, english = error.errors(), is_english(request)
    errors = [request_error_document(item, english=english) for item in found[:MAX_ERRORS]]
    problem = InvalidRequest(*count_errors(len(found)), errors=errors)
    return await handle_problem(request, problem)


async def handle_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: unknown paths, methods, bodies that cannot be read.

    A path that is no text may be of no route, as a line break is for a mounted application.
    """
    assert isinstance(error, HTTPException)
    try:
        check_address(request.scope.get("raw_path") or b"", request.scope["query_string"])
    except InvalidRequest as unreadable:
        return await handle_problem(request, unreadable)
    known = STATUS_PROBLEMS.get(error.status_code, InvalidRequest)
    problem = known("请核对地址、方法和内容", error.detail)
    body = problem.body(request.url.path, english=is_english(request))
    body["status"] = error.status_code
    return build_problem_response(body, error.status_code, error.headers)


async def handle_database_error(request: Request, error: Exception) -> JSONResponse:
    """Answer that the database is away; any other error of it is a failure."""
    if not is_database_away(error):
        raise error
    log.warning("database away", extra={"data": {"error": repr(error)}})
    return await handle_problem(request, no_answer())


async def handle_disconnect(request: Request, _: Exception) -> JSONResponse:
    """Answer a caller who went away, for the log: it is no failure of ours."""
    return await handle_problem(request, BadRequest("请求没有发完", "The request broke off."))


async def handle_failure(request: Request, error: Exception) -> JSONResponse:
    """Answer an unforeseen error with the request's id, under which the log has it."""
    log.error("failure", exc_info=error)
    request_id = REQUEST_ID.get()
    return await handle_problem(
        request,
        Problem(f"请把编号 {request_id} 告诉管理员", f"Tell the administrator {request_id}."),
    )
