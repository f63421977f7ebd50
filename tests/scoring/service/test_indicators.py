"""Indicators over HTTP: the registry's figures with their source, or the proxy."""

from collections.abc import AsyncIterator

import httpx
import pytest
from joserfc.jwk import KeySet

from services.scoring.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Caller, Issuer, Role
from tests.cli.runner import COUNTY, bairi
from tests.registry.clients import REGION, speaking
from tests.scoring.service.conftest import As, client_of
from tests.scoring.service.registry import registry_with

DAY = "2022-09-30"
ASKED = {"as_of": DAY}


async def test_the_proxy_is_what_the_command_line_says(office: httpx.AsyncClient) -> None:
    found = (await office.get("/v1/indicators", params=ASKED)).json()
    printed = bairi("indicators", COUNTY, "--as-of", DAY, "--format", "json").document

    assert found.pop("known_at")
    assert found == printed
    assert [(one["region_code"], one["is_proxy"]) for one in found["indicators"]] == [
        (REGION, True)
    ]


@pytest.fixture
async def with_figures(
    server: str, issuer: Issuer, sessions: Sessions
) -> AsyncIterator[httpx.AsyncClient]:
    """An office that has entered a figure and its target."""
    async with registry_with("small", server, issuer, database_name="with_figures") as made:
        office = speaking(made.app, issuer)("office", REGION)
        figures = {f"{DAY}/fixed_asset_investment": 3, "2022-12-31/固定资产投资目标": 4}
        for place, value in figures.items():
            told = {"value": value, "source": "县统计局月报"}
            answer = await office.put(f"/v1/indicators/{REGION}/{place}", json=told)
            assert answer.status_code == 201, answer.text
        async with made.reader() as http:
            app = build_app(sessions, KeySet([issuer.key]), http)
            client = client_of(app, issuer, Caller("the office", Role.office, REGION))
            yield client


async def test_what_was_entered_stands_against_its_target_and_is_kept(
    with_figures: httpx.AsyncClient,
) -> None:
    (found,) = (await with_figures.get("/v1/indicators", params=ASKED)).json()["indicators"]

    shown = ("value", "target", "completion", "source", "is_proxy")
    assert [found[name] for name in shown] == ["3.0000", "4.0000", "0.7500", "县统计局月报", False]
    # A run keeps them with its other facts.
    run = (await with_figures.post("/v1/runs", json=ASKED)).json()
    assert (await with_figures.post(f"/v1/runs/{run['id']}/repeat")).json()["same"]


async def test_units_read_them_and_the_public_does_not(as_: As) -> None:
    for role, status in {"unit": 200, "inspector": 200, "viewer": 403, "approval": 403}.items():
        answer = await as_(role, unit_id="U01").get("/v1/indicators", params=ASKED)
        assert answer.status_code == status
    beside = as_("office", region="990102")
    refused = await beside.get("/v1/indicators", params={**ASKED, "region": REGION})
    assert refused.status_code == 404
