"""The drill-down over HTTP is the command line's, figure by figure."""

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.scoring.schemes.scheme_files import built_in_schemes
from tests.paths import GOLDEN
from tests.scoring.service.test_runs import DAY, begun, part_asked


def of_the_command_line(unit: str) -> Any:
    arguments = ["explain", str(GOLDEN / "county"), "--as-of", DAY, "--unit", unit]
    done = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("unit", ["U01", "U09"])
async def test_a_units_figures_down_to_the_projects(unit: str, office: httpx.AsyncClient) -> None:
    path = f"/v1/runs/{(await begun(office))['id']}/units/{unit}"
    found = (await office.get(path)).json()
    one = (await office.get(path, params={"metric": "fund_arrival"})).json()

    expected = of_the_command_line(unit)
    assert part_asked(found, expected) == expected
    assert one == {**found, "metrics": {"fund_arrival": found["metrics"]["fund_arrival"]}}


async def test_what_is_not_there_is_not_found(office: httpx.AsyncClient) -> None:
    path = f"/v1/runs/{(await begun(office))['id']}"

    for missing in ("/units/U99", "/units/U01?metric=nothing"):
        assert (await office.get(path + missing)).status_code == 404
    assert (await office.get("/v1/runs/999999")).status_code == 404
    unknown = await office.post("/v1/runs", json={"as_of": DAY, "scheme": "nobodys-2022"})
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "ask",
    [
        {"as_of": "2022-13-01"},
        {"as_of": "9999-12-31"},
        {"as_of": DAY, "scheme": "../../etc/passwd"},
        {"as_of": DAY, "region": "14a"},
        {"as_of": DAY, "known_at": "2022-12-25T00:00:00"},
        {"as_of": DAY, "known_at": "0001-01-01T00:00:00+14:00"},
        {"as_of": DAY, "weights": {}},
    ],
)
async def test_what_cannot_be_asked_is_told(ask: dict[str, Any], office: httpx.AsyncClient) -> None:
    answer = await office.post("/v1/runs", json=ask)

    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_schemes_are_told_with_their_sources(office: httpx.AsyncClient) -> None:
    answer = (await office.get("/v1/schemes")).json()

    schemes = {scheme["id"]: scheme for scheme in answer["items"]}
    assert [*schemes] == [*built_in_schemes()]
    assert schemes["lanxian-2022"]["document"]["pillars"][0]["weight"] == "20"
    assert answer["next"] is None
