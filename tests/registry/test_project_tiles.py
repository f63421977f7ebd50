"""The tile of a project: the words of a wall, and who sees it."""

import httpx
import pytest

from shared.facts.sectors import Sector, parse_sector
from tests.paths import GOLDEN
from tests.registry.clients import As, imported, items, zipped


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


async def test_a_tile_is_the_project_with_names(county: httpx.AsyncClient) -> None:
    units = {unit["unit_id"]: unit["name"] for unit in await items(county, "/v1/units")}
    projects = await items(county, "/v1/projects")
    tiles = await items(county, "/v1/projects", view="tile")
    assert len(tiles) == len(projects) == 60
    for tile, project in zip(tiles, projects, strict=True):
        same = tile.keys() & project.keys()
        assert len(same) == 11
        assert {name: tile[name] for name in same} == {name: project[name] for name in same}
        assert tile["view"] == "tile"
        assert tile["unit_name"] == units[project["unit_id"]]
        competent = project["competent_unit_id"]
        assert tile["competent_unit_name"] == (competent and units[competent])
        sector = parse_sector(project["industry_code"])
        known = sector if sector in Sector.labels() else None
        assert tile["sector"] == known
        assert tile["sector_name"] == (known and Sector(known).label)
    assert len({tile["sector"] for tile in tiles}) > 2
    path = f"/v1/projects/{projects[0]['project_id']}"
    assert (await county.get(f"{path}?view=tile")).json() == tiles[0]


@pytest.mark.parametrize(
    ("code", "sector"),
    [("C1371", "C"), ("1371", "C"), (" d44 ", "D"), ("01", "A"), ("97", "T"), ("9", None),
     ("00", None), ("98", None), ("X1", None), (None, None)],
)  # fmt: skip
async def test_the_section_is_that_of_the_standard(
    county: httpx.AsyncClient, code: str | None, sector: str | None
) -> None:
    project = (await county.get("/v1/projects/P001")).json()
    marks = ("office", "version", "recorded_at", "recorded_by", "recorded_for", "superseded_at")
    body = {k: v for k, v in project.items() if k not in (*marks, "project_id")}
    etag = (await county.get("/v1/projects/P001")).headers["etag"]
    sent = {**body, "industry_code": code}
    answer = await county.put("/v1/projects/P001", json=sent, headers={"if-match": etag})
    assert answer.status_code == 200, answer.text
    tile = (await county.get("/v1/projects/P001?view=tile")).json()
    assert tile["sector"] == sector
    assert (tile["sector_name"] is None) == (sector is None)


async def test_tiles_are_seen_by_who_sees_the_projects(county: httpx.AsyncClient, as_: As) -> None:
    unit = as_("unit", unit_id="U02")
    own = {each["project_id"] for each in await items(unit, "/v1/projects")}
    tiles = await items(unit, "/v1/projects", view="tile")
    assert {tile["project_id"] for tile in tiles} == own
    assert 0 < len(own) < 60
    assert (await as_("viewer").get("/v1/projects?view=tile")).status_code == 403
