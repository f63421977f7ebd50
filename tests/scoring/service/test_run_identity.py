"""One run for one question, unchangeable, the same bytes again, and ranks without the facts."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from joserfc.jwk import KeySet
from sqlalchemy import Connection, func, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import select

from services.scoring.engine.results.run_result import result_document
from services.scoring.execution.run import score_facts
from services.scoring.main import build_app
from services.scoring.runs import rules
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from services.scoring.tables import METADATA, Run, RunResult, UsedFacts, UsedScheme
from shared.database.migrations import comparison_options
from shared.database.sessions import Sessions, create_sessions
from shared.facts.projects import Unit
from shared.http.tokens import Caller, Issuer, Role
from tests.databases import database
from tests.registry.clients import REGION
from tests.scoring.service.conftest import client_of, ledger
from tests.scoring.service.registry import Registry, connected
from tests.scoring.service.test_runs import DAY, begun

AS_OF = date.fromisoformat(DAY)
SCHEME = find_scheme("lanxian-2022")
TABLES = (
    *("schemes", "own_schemes", "facts", "entered", "entries", "judgements"),
    *("runs", "results", "lights", "publications", "audit"),
    *("comment_periods", "objections", "objection_answers"),
)
USED = "INSERT INTO scoring.schemes (region, id, version, document, lights)"


async def count(sessions: Sessions, table: Any) -> int:
    async with sessions() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_the_same_question_twice_is_one_run(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    first = await office.post("/v1/runs", json={"as_of": DAY})
    again = await office.post("/v1/runs", json={"as_of": DAY})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert await count(sessions, Run) == 1


async def test_runs_of_other_days_are_others_and_share_their_facts(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    days = [DAY, "2022-09-30", "2022-06-30"]
    runs = [await begun(office, as_of=day) for day in days]
    listed = (await office.get("/v1/runs", params={"limit": 2})).json()
    rest = (await office.get("/v1/runs", params={"after": listed["next"]})).json()

    assert listed["items"] + rest["items"] == runs
    assert rest["next"] is None
    assert len({run["facts_digest"] for run in runs}) == 1
    assert await count(sessions, UsedFacts) == 9
    assert await count(sessions, UsedScheme) == 1


async def test_a_run_repeats_to_the_same_bytes(office: httpx.AsyncClient) -> None:
    path = f"/v1/runs/{(await begun(office))['id']}"
    kept = (await office.get(f"{path}/document")).content
    names = {unit.unit_id: unit.name for unit in ledger("county").rows(Unit)}
    result = score_facts(ledger("county"), SCHEME, resolve_lights(SCHEME), AS_OF)

    repeated = (await office.post(f"{path}/repeat")).json()

    assert repeated["same"]
    assert repeated["document_sha256"] == repeated["repeated_sha256"]
    assert repeated["document_sha256"] == hashlib.sha256(kept).hexdigest()
    assert json.loads(kept) == result_document(result, names)
    assert (
        kept.decode()
        == json.dumps(result_document(result, names), ensure_ascii=False, indent=1) + "\n"
    )


async def test_other_weights_rank_from_kept_terms_as_from_facts(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    run = await begun(office)
    speed = SCHEME.pillars[0].model_copy(update={"weight": Decimal(60)})
    other = SCHEME.model_copy(update={"pillars": (speed, *SCHEME.pillars[1:])})
    async with sessions() as session:
        kept = await session.get_one(RunResult, run["id"])

    again = rules.rank_stored_terms(kept.terms, other, resolve_lights(other), AS_OF)
    whole = score_facts(ledger("county"), other, resolve_lights(other), AS_OF)

    assert again.groups == whole.groups
    assert again.terms == whole.terms
    assert (
        again.groups != score_facts(ledger("county"), SCHEME, resolve_lights(SCHEME), AS_OF).groups
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["DELETE FROM", "TRUNCATE", "UPDATE"])
async def test_what_was_stored_stays(
    table: str, change: str, connection: AsyncConnection, office: httpx.AsyncClient
) -> None:
    statement = f"{change} scoring.{table}"
    if change == "UPDATE":
        column = {"schemes": "id", "facts": "digest", "entered": "digest", "audit": "who"}
        column |= dict.fromkeys(("own_schemes", "entries", "judgements", "runs"), "region")
        name = (column | {"objection_answers": "objection_id"}).get(table, "run_id")
        statement += f" SET {name} = {name}"
    if change == "TRUNCATE":
        statement += " CASCADE"

    await connection.execute(text("RESET ROLE"))  # the owner may not, either
    with pytest.raises(IntegrityError, match="is refused"):
        async with connection.begin_nested():
            await connection.execute(text(statement))


async def test_a_write_leaves_its_row_in_the_trail(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    run = await begun(office)
    await begun(office)
    for _ in range(2):
        await office.post(f"/v1/runs/{run['id']}/publish")

    rows = await connection.execute(
        text("SELECT action, subject, who FROM scoring.audit ORDER BY id")
    )
    subject = f"runs/{run['id']}"
    assert rows.all() == [
        ("run.stored", subject, "the office"),
        ("run.published", subject, "the office"),
    ]


async def test_a_scheme_may_not_change_under_its_version(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    await connection.execute(
        text(f"{USED} VALUES ('', 'lanxian-2022', 1, '{{\"other\": 1}}', '{{}}')")
    )
    answer = await office.post("/v1/runs", json={"as_of": DAY})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/scheme-changed"


async def test_a_scheme_kept_before_the_vocabulary_grew_is_the_same_one(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    usual = SCHEME.model_dump(mode="json", exclude_defaults=True)
    of_then = {"version": 1, "decimals": 2, "facts": [], "metrics": [], "notes": SCHEME.notes}
    preset = resolve_lights(SCHEME).model_dump(mode="json", exclude_defaults=True)
    kept = {"document": json.dumps(usual | of_then), "lights": json.dumps(preset)}
    insert = text(f"{USED} VALUES ('', 'lanxian-2022', 1, :document, :lights)")
    await connection.execute(insert, kept)

    answer = await office.post("/v1/runs", json={"as_of": DAY})

    assert answer.status_code == 201
    assert "tie_break" not in usual


@pytest.mark.parametrize("scheme", ["heilongjiang-2021", "yanan-2017"])
async def test_the_other_built_in_schemes_run_and_repeat(
    scheme: str, office: httpx.AsyncClient
) -> None:
    run = await begun(office, scheme=scheme)
    path = f"/v1/runs/{run['id']}"
    document = (await office.get(f"{path}/document")).json()
    unit = document["groups"][0]["units"][0]
    explained = await office.get(f"{path}/units/{unit['unit_id']}")

    assert (await office.post(f"{path}/repeat")).json()["same"]
    assert explained.json()["total"] == unit["total"]
    assert "parted_by" in unit if scheme == "heilongjiang-2021" else "adjustments" in unit


async def test_an_idempotency_key_replays_the_answer(office: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "run-2022-12-25"}
    first = await office.post("/v1/runs", json={"as_of": DAY}, headers=key)
    again = await office.post("/v1/runs", json={"as_of": DAY}, headers=key)
    other = await office.post("/v1/runs", json={"as_of": "2022-09-30"}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content


@pytest.fixture
async def committed(server: str, request: pytest.FixtureRequest) -> AsyncIterator[Sessions]:
    """Sessions on a database of its own, called as the test, where commits are commits."""
    name = request.node.name
    async with database(server, name, "scoring") as url, connected(url) as sessions:
        yield sessions


async def test_four_at_once_are_one_run(
    committed: Sessions, issuer: Issuer, small: Registry
) -> None:
    async with small.reader() as http:
        app = build_app(committed, KeySet([issuer.key]), http)
        office = client_of(app, issuer, Caller("office", Role.office, REGION))
        asked = [office.post("/v1/runs", json={"as_of": DAY}) for _ in range(4)]
        answers = await asyncio.gather(*asked)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.text for answer in answers}) == 1
    assert await count(committed, Run) == 1
    assert await count(committed, UsedFacts) == 9


async def test_alembic_finds_nothing_to_change(connection: AsyncConnection) -> None:
    def differences(opened: Connection) -> Any:
        return compare_metadata(
            MigrationContext.configure(opened, opts=comparison_options("scoring")), METADATA
        )

    assert await connection.run_sync(differences) == []


async def test_nobody_holds_a_connection_while_it_asks(
    committed: Sessions, issuer: Issuer, small: Registry
) -> None:
    """Nor while it computes, which comes between asking and the first statement of the write."""
    held = []

    async def look(request: httpx.Request) -> None:
        held.append((request.url.path, committed.kw["bind"].pool.checkedout()))

    async with small.reader() as http:
        http.event_hooks["request"].append(look)
        app = build_app(committed, KeySet([issuer.key]), http)
        office = client_of(app, issuer, Caller("office", Role.office, REGION))
        run = await begun(office)
        await office.get("/v1/lights", params={"as_of": DAY})
        await begun(office)

    assert run["id"] == 1
    assert {path for path, _ in held} >= {"/v1/facts", "/v1/facts/projects"}
    assert [path for path, connections in held if connections] == []


async def test_with_a_key_one_connection_is_enough(
    committed: Sessions, issuer: Issuer, small: Registry
) -> None:
    url = committed.kw["bind"].url.render_as_string(hide_password=False)
    one = create_sessions(url, connections=1)
    async with small.reader() as http:
        app = build_app(one, KeySet([issuer.key]), http)
        office = client_of(app, issuer, Caller("office", Role.office, REGION))
        key = {"Idempotency-Key": "one-connection"}
        asked = [office.post("/v1/runs", json={"as_of": DAY}, headers=key) for _ in range(2)]
        answers = await asyncio.gather(*asked)
    await one.kw["bind"].dispose()

    assert {answer.status_code for answer in answers} == {201}
    assert answers[0].content == answers[1].content
