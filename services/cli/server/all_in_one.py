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
from services.notifier.settings import Office
from services.registry import main as registry
from services.registry import worker as registry_worker
from services.scoring import main as scoring
from services.scoring import worker as scoring_worker
from services.scoring.settings import Monthly
from shared import clock
from shared.database.jobs import connected, working
from shared.database.migrations import migrate
from shared.database.sessions import connect
from shared.http.app import API_VERSION, on_http
from shared.http.docs import add_docs
from shared.http.tokens import Caller, Issuer, Role

TITLE = "Bairi 百日"
SERVICES = ("registry", "scoring", "notifier")
CONNECTIONS = 10  # of the database, for each service
TRUSTED_FOR = timedelta(minutes=5)  # a token that one service shows another


@dataclass(frozen=True)
class Signed(httpx.Auth):
    """Requests of one service to another: each with a fresh token of its own."""

    issuer: Issuer
    caller: Caller

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self.issuer.issue(self.caller, now=clock.now(), lasts=TRUSTED_FOR)
        request.headers["authorization"] = f"Bearer {token}"
        yield request


@asynccontextmanager
async def house(url: str, issuer: Issuer, office: Office) -> AsyncIterator[FastAPI]:
    """Every service at `/registry`, `/scoring`, `/notifier`, and their workers beside them.

    Their schemas are brought up to date first.
    """
    keys = KeySet([issuer.key])
    for service in SERVICES:
        await migrate(url, service)
    async with AsyncExitStack() as opened:

        async def asking(part: FastAPI, name: str) -> httpx.AsyncClient:
            """How the service of that name asks another."""
            trusted = Signed(issuer, Caller(name, Role.inspector))
            transport, address = httpx.ASGITransport(part), "http://within"
            client = httpx.AsyncClient(transport=transport, base_url=address, auth=trusted)
            return await opened.enter_async_context(client)

        facts = registry.build(connect(url, connections=CONNECTIONS), keys)
        to_facts = await asking(facts, "scoring")
        to_runs = connect(url, connections=CONNECTIONS)
        runs = scoring.build(to_runs, keys, to_facts, office.name)
        to_both = await asking(facts, "notifier"), await asking(runs, "notifier")
        letters = notifier.build(connect(url, connections=CONNECTIONS), keys, *to_both, office)
        parts = dict(zip(SERVICES, (facts, runs, letters), strict=True))
        for part in parts.values():
            await opened.enter_async_context(part.router.lifespan_context(part))
        one, two, three = [await opened.enter_async_context(connected(url)) for _ in SERVICES]
        works = [
            registry_worker.work(one),
            scoring_worker.work(two, to_facts, None if office.any_day else Monthly()),
            notifier_worker.work(three, *to_both, office),
        ]
        await opened.enter_async_context(working(works))
        yield together(parts, issuer)


def together(parts: Mapping[str, FastAPI], issuer: Issuer) -> FastAPI:
    """One application with each service below its name, and one OpenAPI document of them all."""
    whole = FastAPI(title=TITLE, version=API_VERSION, docs_url=None, redoc_url=None)
    whole.add_exception_handler(HTTPException, on_http)  # what is no service's is a problem, too

    @whole.get("/jwks.json", include_in_schema=False)
    async def read_keys() -> dict[str, Any]:
        return dict(issuer.public)

    for name, part in parts.items():
        whole.mount(f"/{name}", part)
    add_docs(whole)
    whole.openapi = cache(lambda: merged(parts))  # type: ignore[method-assign]
    return whole


def merged(parts: Mapping[str, FastAPI]) -> dict[str, Any]:
    """The services' documents as one: paths below their names, schemas named after them."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": API_VERSION},
        "paths": {},
        "components": {"schemas": {}, "responses": {}, "securitySchemes": {}},
    }
    for name, part in parts.items():
        own = renamed(part.openapi(), name)
        document["paths"] |= {f"/{name}{path}": item for path, item in own["paths"].items()}
        for kind in document["components"]:
            document["components"][kind] |= own.get("components", {}).get(kind, {})
    return document


def renamed(document: Any, service: str) -> Any:
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
