"""The services and their workers in one process: one database, one issuer of tokens, one port.

Each service is built as for a process of its own; they speak HTTP to each other here, too, only
that the request does not leave the process.
"""

import re
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet
from starlette.exceptions import HTTPException

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
from shared.database.sessions import create_sessions
from shared.http.app import API_VERSION, handle_http_error
from shared.http.docs import add_docs
from shared.http.tokens import Caller, Issuer, Role

API_TITLE = "Bairi 百日"
SERVICE_NAMES = ("registry", "scoring", "notifier")
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
async def run_services(url: str, issuer: Issuer, office: IssuingOffice) -> AsyncIterator[FastAPI]:
    """Every service at `/registry`, `/scoring`, `/notifier`, and their workers beside them.

    Their schemas are brought up to date first.
    """
    keys = KeySet([issuer.key])
    for service in SERVICE_NAMES:
        await migrate_schema(url, service)
    async with AsyncExitStack() as opened:

        async def asking(part: FastAPI, name: str) -> httpx.AsyncClient:
            """How the service of that name asks another."""
            trusted = ServiceAuth(issuer, Caller(name, Role.inspector))
            transport, address = httpx.ASGITransport(part), "http://within"
            client = httpx.AsyncClient(transport=transport, base_url=address, auth=trusted)
            return await opened.enter_async_context(client)

        facts = registry.build_app(create_sessions(url, connections=SERVICE_CONNECTIONS), keys)
        to_facts = await asking(facts, "scoring")
        to_runs = create_sessions(url, connections=SERVICE_CONNECTIONS)
        runs = scoring.build_app(to_runs, keys, to_facts, office.name)
        to_both = await asking(facts, "notifier"), await asking(runs, "notifier")
        letters = notifier.build_app(
            create_sessions(url, connections=SERVICE_CONNECTIONS), keys, *to_both, office
        )
        parts = dict(zip(SERVICE_NAMES, (facts, runs, letters), strict=True))
        for part in parts.values():
            await opened.enter_async_context(part.router.lifespan_context(part))
        one, two, three = [
            await opened.enter_async_context(open_worker_sessions(url)) for _ in SERVICE_NAMES
        ]
        works = [
            registry_worker.build_work(one),
            scoring_worker.build_work(two, to_facts, None if office.any_day else MonthlyRuns()),
            notifier_worker.build_work(three, *to_both, office),
        ]
        await opened.enter_async_context(run_workers(works))
        yield mount_services(parts, issuer)


def mount_services(parts: Mapping[str, FastAPI], issuer: Issuer) -> FastAPI:
    """One application with each service below its name, and one OpenAPI document of them all."""
    whole = FastAPI(title=API_TITLE, version=API_VERSION, docs_url=None, redoc_url=None)
    whole.add_exception_handler(
        HTTPException, handle_http_error
    )  # what is no service's is a problem, too

    @whole.get("/jwks.json", include_in_schema=False)
    async def read_keys() -> dict[str, Any]:
        return dict(issuer.public)

    for name, part in parts.items():
        whole.mount(f"/{name}", part)
    add_docs(whole)
    whole.openapi = cache(lambda: merge_openapi(parts))  # type: ignore[method-assign]
    return whole


def merge_openapi(parts: Mapping[str, FastAPI]) -> dict[str, Any]:
    """The services' documents as one: paths below their names, schemas named after them."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": API_TITLE, "version": API_VERSION},
        "paths": {},
        "components": {"schemas": {}, "responses": {}, "securitySchemes": {}},
    }
    for name, part in parts.items():
        own = prefix_components(part.openapi(), name)
        document["paths"] |= {f"/{name}{path}": item for path, item in own["paths"].items()}
        for kind in document["components"]:
            document["components"][kind] |= own.get("components", {}).get(kind, {})
    return document


def prefix_components(document: Any, service: str) -> Any:
    """Components are called after their service, since a name may occur in several."""

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, dict):
            return node
        made = {key: walk(value) for key, value in node.items()}
        if isinstance(made.get("$ref"), str):
            made["$ref"] = re.sub(r"/(schemas|responses)/", rf"/\1/{service}.", made["$ref"])
        return made

    made: Any = walk(document)
    components = made.get("components", {})
    for kind in {"schemas", "responses"} & components.keys():
        components[kind] = {f"{service}.{name}": of for name, of in components[kind].items()}
    return made
