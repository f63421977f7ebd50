"""The bench of requests: both servers send the same statements and answer the same. No times."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet
from rich.console import Console
from sqlalchemy import event

from services.registry.main import build_app
from shared.database.sessions import create_sessions
from shared.http.tokens import Caller, Issuer, Role
from shared.offices import office_code
from tests.bench import bare_service
from tests.bench.facts import fill, plain
from tests.bench.http import LASTS, Compared, show_compared, show_growth
from tests.bench.http_load import length_of, request
from tests.bench.provinces import PROVINCE, REPORT, county, jobs, province
from tests.databases import database

REQUESTS = (
    ("GET", "/v1/projects/{project}", b""),
    ("GET", "/v1/projects?limit=50", b""),
    ("GET", "/v1/projects?limit=3&after=7", b""),
    ("PUT", "/v1/projects/{project}/progress/{day}", REPORT),
)


@dataclass(frozen=True)
class Server:
    client: httpx.AsyncClient
    sent: list[str]


@asynccontextmanager
async def asking(app: FastAPI, token: str, sent: list[str]) -> AsyncIterator[Server]:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://x", headers=headers) as client,
    ):
        yield Server(client, sent)


@pytest.fixture
async def both(server: str, issuer: Issuer) -> AsyncIterator[tuple[Server, Server]]:
    """The registry and the bare endpoint on one database, with what each sends to it."""
    keys, facts = KeySet([issuer.key]), province(60)
    who = Caller("bench", Role.office, PROVINCE)
    token = issuer.issue(who, now=datetime.now(UTC), lasts=LASTS)  # noqa: TID251
    by_us: list[str] = []
    by_bare: list[str] = []

    async def listen(connection: Any) -> None:
        connection.add_query_logger(lambda query: by_bare.append(query.query))

    async with database(server, "compared", "registry") as url:
        await fill(url, facts, office_code(PROVINCE))
        sessions = create_sessions(url, connections=1)

        @event.listens_for(sessions.kw["bind"].sync_engine, "connect")
        def _(connection: Any, *_: object) -> None:
            driver = connection.driver_connection
            driver.add_query_logger(lambda query: by_us.append(query.query))

        bare_app = bare_service.create_app(plain(url), keys, prepare=listen)
        async with (
            asking(build_app(sessions, keys), token, by_us) as ours,
            asking(bare_app, token, by_bare) as theirs,
        ):
            yield ours, theirs


async def test_both_send_the_same_statements_and_answer_the_same(
    both: tuple[Server, Server],
) -> None:
    for method, path, body in REQUESTS:
        answers, statements = [], []
        for day, server in zip(("2030-01-01", "2030-01-02"), both, strict=True):
            warm = path.format(project="P024-0", day=day.replace("01-0", "02-0"))
            await server.client.request(method, warm, content=body)
            server.sent.clear()
            place = path.format(project="P024-0", day=day)
            answers.append(await server.client.request(method, place, content=body))
            statements.append([*server.sent])
        ours, theirs = answers
        assert statements[0] == statements[1] != []
        assert ours.status_code == theirs.status_code == (201 if method == "PUT" else 200)
        if method == "GET":
            assert ours.content == theirs.content
        else:
            assert [*ours.json()] == [*theirs.json()]
            assert statements[0][0].startswith("BEGIN")
            assert statements[0][-1].startswith("COMMIT")
            assert len(statements[0]) == 4


def test_a_province_has_counties_of_sixty_projects() -> None:
    projects = province(150).tables["projects"]
    codes = projects["region_code"].to_pylist()
    assert len(set(projects["project_id"].to_pylist())) == projects.num_rows == 180
    assert {code: codes.count(code) for code in codes} == {county(n): 60 for n in range(3)}


def test_a_request_is_one_that_servers_understand() -> None:
    sent = request("PUT", "/v1/x", "t", b"{}")
    assert sent.startswith(b"PUT /v1/x HTTP/1.1\r\nhost: ")
    assert sent.endswith(b"\r\n\r\n{}")
    assert length_of(sent) == 2


def test_what_was_measured_is_shown_with_its_limits() -> None:
    compared = [
        Compared(job, [90.0, 100.0, 120.0], [0.3, 0.9, 1.1], [0.7, 0.75, 0.8])
        for job in jobs("token", ["P1"])
    ]
    written = StringIO()
    console = Console(width=120, file=written)
    show_compared(console, 500, compared)
    show_growth(console, [500, 9000], {"a": [0.002, 0.003]})
    shown = written.getvalue()
    assert "0.30 · 0.90 · 1.10" in shown
    assert {"≥ 0.4", "≥ 0.5", "≥ 0.6"} <= {cell.strip() for cell in shown.split("│")}
    assert "1.50 x" in shown
