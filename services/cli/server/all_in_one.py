"""The services and their workers in one process: one database, one issuer of tokens, one port.

Each service is built as for a process of its own; they speak HTTP to each other here, too, only
that the request does not leave the process.
"""

from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet
from starlette.exceptions import HTTPException

from services.board.site import Site, add_site
from services.notifier import main as notifier
from services.notifier import worker as notifier_worker
from services.notifier.settings import IssuingOffice
from services.registry import main as registry
from services.registry import worker as registry_worker
from services.scoring import main as scoring
from services.scoring import worker as scoring_worker
from services.scoring.settings import MonthlyRuns
from shared import clock
from shared.database.jobs import open_worker_sessions, run_workers
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions, create_sessions
from shared.http.app import API_VERSION, handle_http_error, handle_problem
from shared.http.components import merge_documents
from shared.http.cors import allow_origins
from shared.http.delivery import DeliveryMiddleware
from shared.http.descriptions.texts import build_info, build_tags
from shared.http.docs import add_docs
from shared.http.index_page import add_index
from shared.http.service_client import UNCOMPRESSED
from shared.http.tokens import WHOLE_COUNTRY, Caller, Issuer, Role

API_TITLE = "Bairi 百日"
SERVICES = {"registry": "项目库", "scoring": "计分", "notifier": "函件"}
SERVICE_NAMES = tuple(SERVICES)
SERVICE_CONNECTIONS = 10  # of the database, for each service
SERVICE_TOKEN_LIFETIME = timedelta(minutes=5)  # a token that one service shows another


@dataclass(frozen=True)
class ServiceAuth(httpx.Auth):
    """Requests of one service to another: each with a fresh token of its own."""

    issuer: Issuer
    caller: Caller

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self.issuer.issue(self.caller, now=clock.now(), lasts=SERVICE_TOKEN_LIFETIME)
        request.headers["authorization"] = f"Bearer {token}"
        yield request


@asynccontextmanager
async def run_services(
    url: str,
    issuer: Issuer,
    office: IssuingOffice,
    *,
    owner_url: str = "",
    origins: Sequence[str] = (),
) -> AsyncIterator[FastAPI]:
    """One application with every service and its workers, as long as it is needed.

    The services are at `/registry`, `/scoring`, `/notifier`. Their schemas are brought up to date
    first, by the owner where one is named.
    """
    keys = KeySet([issuer.key])
    for service in SERVICE_NAMES:
        await migrate_schema(url, service, owner_url)
    async with AsyncExitStack() as stack:

        async def open_client(app: FastAPI, caller: str) -> httpx.AsyncClient:
            """A client of one service for another, `caller`."""
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://within",
                headers=UNCOMPRESSED,
                auth=ServiceAuth(issuer, Caller(caller, Role.inspector, WHOLE_COUNTRY)),
            )
            return await stack.enter_async_context(client)

        def open_sessions() -> Sessions:
            return create_sessions(url, connections=SERVICE_CONNECTIONS)

        registry_app = registry.build_app(open_sessions(), keys, issuer)
        registry_client = await open_client(registry_app, "scoring")
        scoring_app = scoring.build_app(open_sessions(), keys, registry_client)
        notifier_clients = (
            await open_client(registry_app, "notifier"),
            await open_client(scoring_app, "notifier"),
        )
        notifier_app = notifier.build_app(open_sessions(), keys, *notifier_clients, office)
        apps = dict(zip(SERVICE_NAMES, (registry_app, scoring_app, notifier_app), strict=True))
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        registry_sessions, scoring_sessions, notifier_sessions = [
            await stack.enter_async_context(open_worker_sessions(url)) for _ in SERVICE_NAMES
        ]
        monthly = None if office.any_day else MonthlyRuns()
        workers = [
            registry_worker.build_worker_config(registry_sessions),
            scoring_worker.build_worker_config(scoring_sessions, registry_client, monthly),
            notifier_worker.build_worker_config(notifier_sessions, *notifier_clients, office),
        ]
        await stack.enter_async_context(run_workers(workers))
        root = mount_services(apps, issuer)
        allow_origins(root, origins)
        yield root


def mount_services(
    apps: Mapping[str, FastAPI], issuer: Issuer, site: Site | None = None
) -> FastAPI:
    """One application with the board, each service below its name, and one document of them all."""
    root = FastAPI(title=API_TITLE, version=API_VERSION, docs_url=None, redoc_url=None)
    own = tuple(f"/{name}/" for name in apps)
    root.add_middleware(DeliveryMiddleware, handle_problem, passed=own)
    # An address of no service is a problem, too.
    root.add_exception_handler(HTTPException, handle_http_error)

    @root.get("/jwks.json", include_in_schema=False)
    async def read_keys() -> dict[str, Any]:
        return dict(issuer.public)

    for name, app in apps.items():
        root.mount(f"/{name}", app)
    add_docs(root)
    site = site or Site()
    add_site(root, site)
    add_index(root, SERVICES, site.show_page)
    root.openapi = cache(lambda: merge_openapi(apps))  # type: ignore[method-assign]
    return root


def merge_openapi(apps: Mapping[str, FastAPI]) -> dict[str, Any]:
    """The services' documents as one."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": build_info(API_TITLE, API_VERSION),
        "servers": [{"url": "/"}],
        "paths": {},
        "components": {},
    }
    merge_documents(document, {name: app.openapi() for name, app in apps.items()})
    return {**document, "tags": build_tags(document)}
