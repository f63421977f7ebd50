"""Every route without its database: 503 with the time to ask again, then as before."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import run_services
from shared.database.accounts import create_embedded_account
from shared.database.embedded_postgres import run_embedded_server
from shared.http.app import RETRY_SECONDS
from shared.http.tokens import Issuer
from tests.conftest import THROW_AWAY
from tests.registry.clients import REGION, speaking
from tests.together.system import OFFICE

Asked = tuple[str, str, Any]  # method, path, body
Answers = dict[str, httpx.Response]
DAY = "2022-12-25"
# Of what has no example, and of what a question must say.
VALUES = {"as_of": DAY, "since": "1", "year": DAY[:4], "table": "progress", "run_id": "1"}
VALUES |= {"letter_id": "1", "page": "1", "period_kind": "month", "last_day": "2022-12-31"}
VALUES |= {"import_id": "1", "name": "月报"}
WITHOUT_DATABASE = {"check_registry_live", "check_scoring_live", "check_notifier_live"}
# What is built in.
WITHOUT_DATABASE |= {"read_calendar_year", "read_scheme", "read_scheme_version"}
WITHOUT_DATABASE |= {"list_scheme_versions", "read_scheme_words", "read_scheme_version_words"}
WITHOUT_DATABASE |= {"read_letter_rules"}
# What a setting says, and what asks for a cookie first.
WITHOUT_DATABASE |= {
    "list_sign_in_methods",
    "read_session",
    "list_session_devices",
    "list_passkeys",
}
UNIT = {"name": "县住建局", "kind": "department", "group": "departments", "region_code": REGION}
WRITES: list[Asked] = [
    ("PUT", "/registry/v1/units/U01", UNIT),
    ("POST", "/scoring/v1/runs", {"as_of": DAY}),
    ("POST", "/notifier/v1/sweeps", {}),
]
AWAY_CODES = {"/problems/not-ready", "/problems/registry-away", "/problems/scoring-away"}


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="bairi-away-"))
    yield made
    shutil.rmtree(made)


async def test_every_route_says_when_to_ask_again(folder: Path, issuer: Issuer) -> None:
    with ExitStack() as server:
        owner_url = server.enter_context(run_embedded_server(folder, THROW_AWAY))
        url = await create_embedded_account(owner_url)
        async with run_services(url, issuer, OFFICE, owner_url=owner_url) as app:
            client = speaking(app, issuer)("office")
            asked = [*WRITES, *(("GET", path, None) for path in readable_paths(app.openapi()))]
            assert len(asked) > 80

            await ask_all(client, WRITES)  # so that a second time is like a third
            before = await ask_all(client, asked)
            server.pop_all().close()
            away = await ask_all(client, asked)
            server.enter_context(run_embedded_server(folder, THROW_AWAY))
            after = await ask_all(client, asked)

    assert {path: each.text for path, each in away.items() if not is_away(each)} == {}
    assert {path: each.status_code for path, each in after.items()} == {
        path: each.status_code for path, each in before.items()
    }


def readable_paths(document: Any) -> Iterator[str]:
    """The addresses that may be read, with examples in them, of which nothing need be there."""
    for path, item in document["paths"].items():
        if "get" in item and item["get"]["operationId"] not in WITHOUT_DATABASE:
            asked, query = path, []
            for each in item["get"].get("parameters", ()):
                if each["in"] == "path":
                    asked = asked.replace(
                        f"{{{each['name']}}}", str(each.get("example") or VALUES[each["name"]])
                    )
                elif each.get("required"):
                    query.append(f"{each['name']}={VALUES[each['name']]}")
            yield "?".join([asked, *(["&".join(query)] if query else [])])


async def ask_all(client: httpx.AsyncClient, asked: Sequence[Asked]) -> Answers:
    return {path: await client.request(method, path, json=body) for method, path, body in asked}


def is_away(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 503
        and answer.json()["type"] in AWAY_CODES
        and answer.headers["retry-after"] == str(RETRY_SECONDS)
        and answer.headers["cache-control"] == "no-store"
    )
