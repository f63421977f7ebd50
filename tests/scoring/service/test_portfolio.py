"""The portfolio over HTTP is the command line's; a unit sees its own projects in it."""

import httpx
import pytest

from tests.cli.runner import bairi
from tests.paths import GOLDEN
from tests.scoring.service.conftest import As
from tests.scoring.service.test_visibility import ABOVE, BESIDE

DAY, PATH = "2022-09-30", "/v1/portfolio"


@pytest.mark.parametrize("by", ["level", "program", "sector", "unit", "region", "nature"])
async def test_the_portfolio_is_the_command_lines(by: str, office: httpx.AsyncClient) -> None:
    answer = await office.get(PATH, params={"as_of": DAY, "by": by})
    found = answer.json()
    said = bairi("portfolio", GOLDEN / "county", "--as-of", DAY, "--by", by, "--format", "json")
    found.pop("known_at")
    assert found == said.document
    assert found["total"]["projects"] > 0


async def test_a_unit_sees_its_own_projects(as_: As, office: httpx.AsyncClient) -> None:
    whole = (await office.get(PATH, params={"as_of": DAY, "by": "unit"})).json()
    own = (await as_("unit", unit_id="U04").get(PATH, params={"as_of": DAY, "by": "unit"})).json()
    nobody = (await as_("unit").get(PATH, params={"as_of": DAY})).json()

    (line,) = [line for line in whole["lines"] if line["id"] == "U04"]
    assert own["lines"] == [line]
    assert own["total"]["projects"] == line["projects"] > 0
    assert (nobody["lines"], nobody["total"]["projects"]) == ([], 0)


async def test_regions_above_and_beside_do_not_exist(as_: As, office: httpx.AsyncClient) -> None:
    for region in (ABOVE, BESIDE):
        answer = await office.get(PATH, params={"as_of": DAY, "region": region})
        assert answer.status_code == 404
    assert (await as_("viewer").get(PATH, params={"as_of": DAY})).status_code == 403
    assert (await office.get(PATH, params={"as_of": DAY, "by": "colour"})).status_code == 422
