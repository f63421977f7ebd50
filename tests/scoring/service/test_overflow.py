"""Figures that leave 64 bits end in a problem that names them, not in a wrong number or a 500."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from shared.http.tokens import Issuer
from tests.scoring.service.conftest import As
from tests.scoring.service.registry import Registry, registry_with
from tests.scoring.service.test_runs import DAY

# The ledger and the API refuse such an amount; a sum of very many smaller ones may come to it.
HUGE = """
    INSERT INTO registry.progress
        (office, project_id, as_of, invested_ytd_yuan, recorded_at, recorded_by, recorded_for, why)
    SELECT office, project_id, '2022-12-24', 9e18, now() - interval '1 s', 'a test', '990101', ''
    FROM registry.projects"""


@pytest.fixture(scope="module")
async def registry(server: str, issuer: Issuer) -> AsyncIterator[Registry]:
    async with registry_with("small", server, issuer, database_name="too_large") as made:
        async with made.app.state.sessions.begin() as session:
            await (await session.connection()).execute(text(HUGE))
        yield made


@pytest.mark.parametrize(
    ("method", "path", "given", "of"),
    [
        ("POST", "/v1/runs", {"json": {"as_of": DAY}}, "Metric "),
        ("GET", "/v1/lights", {"params": {"as_of": DAY}}, "Lights: "),
    ],
)
async def test_it_is_told_of_what_the_figures_are_too_large(
    office: httpx.AsyncClient, method: str, path: str, given: dict[str, dict[str, str]], of: str
) -> None:
    english = {"accept-language": "en"}
    answer = await office.request(method, path, headers=english, **given)  # type: ignore[arg-type]

    assert answer.status_code == 409, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/figures-too-large"
    assert problem["detail"].startswith(of)
    assert "64 bits" in problem["detail"]
    assert (await office.get("/v1/runs")).json()["items"] == []


async def test_other_days_are_not_hurt(as_: As) -> None:
    office = as_("office")
    before = await office.post("/v1/runs", json={"as_of": "2022-06-30"})
    assert before.status_code == 201, before.text
