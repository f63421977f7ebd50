"""Bulletins over HTTP: the run's own figures in three formats, and who reads what in them."""

from typing import Any

import httpx
import pytest

from shared.facts.projects import Project, Unit
from tests.registry.clients import REGION
from tests.scoring.documents.printed_tables import docx_tables, pages_of, xlsx_sheets
from tests.scoring.service.conftest import As, ledger
from tests.scoring.service.test_runs import DAY, all_items, begun

BEFORE = "2022-09-30"
PROJECTS = {project.project_id: project for project in ledger("county").rows(Project)}
UNITS = {unit.unit_id: unit.name for unit in ledger("county").rows(Unit)}


@pytest.fixture
async def run(office: httpx.AsyncClient) -> dict[str, Any]:
    return await begun(office, as_of=DAY)


@pytest.fixture
async def earlier(office: httpx.AsyncClient) -> dict[str, Any]:
    return await begun(office, as_of=BEFORE)


async def bulletin(client: httpx.AsyncClient, run: Any, kind: str, **asked: Any) -> bytes:
    answer = await client.get(f"/v1/runs/{run['id']}/bulletin.{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.content


async def text_for(client: httpx.AsyncClient, run: Any, **asked: Any) -> str:
    return "".join(pages_of(await bulletin(client, run, "pdf", **asked)))


async def test_three_formats_have_the_figures_that_the_ranking_has(
    office: httpx.AsyncClient, run: Any, earlier: Any
) -> None:
    groups = (await office.get(f"/v1/runs/{run['id']}/ranking")).json()["groups"]
    asked = {"since": earlier["id"]}

    sheets = xlsx_sheets(await bulletin(office, run, "xlsx", **asked))
    tables = docx_tables(await bulletin(office, run, "docx", **asked))
    text = await text_for(office, run, **asked)

    units = [(group["group"], unit) for group in groups for unit in group["units"]]
    assert [row[:4] for row in sheets["总体排名"][1:]] == [
        [
            group,
            "不参与" if unit["rank"] is None else unit["rank"],
            unit["name"],
            "—" if unit["total"] is None else float(unit["total"]),
        ]
        for group, unit in units
    ]
    assert [row[:3] for _, rows in tables[: len(groups)] for row in rows] == [
        [str(unit["rank"] or "不参与"), unit["name"], unit["total"] or "—"] for _, unit in units
    ]
    for _, unit in units:
        assert f"{unit['rank'] or '不参与'}{unit['name']}{unit['total'] or '—'}" in text


async def test_red_projects_are_those_of_the_lights(office: httpx.AsyncClient, run: Any) -> None:
    lights = await all_items(office, f"/v1/runs/{run['id']}/lights")
    rows = xlsx_sheets(await bulletin(office, run, "xlsx"))["红灯项目"][1:]
    red = {light["project_id"]: light for light in lights if light["overall"] == "red"}
    assert red
    assert {row[0] for row in rows} == {*red}
    for row in rows:
        light = red[row[0]]
        assert row[1:3] == [PROJECTS[row[0]].name, UNITS[light["unit_id"]]]
        lead = light["lead"]
        assert row[8] == ("—" if lead is None else float(lead))


async def test_movement_is_told_only_since_a_run_that_is_asked_for(
    office: httpx.AsyncClient, run: Any, earlier: Any
) -> None:
    assert "与2022年9月30日相比" in await text_for(office, run, since=earlier["id"])
    assert "相比" not in await text_for(office, run)


async def test_the_same_bulletin_is_the_same_file(
    office: httpx.AsyncClient, run: Any, earlier: Any
) -> None:
    for kind in ("pdf", "docx", "xlsx"):
        first = await bulletin(office, run, kind, since=earlier["id"])
        assert await bulletin(office, run, kind, since=earlier["id"]) == first


async def test_a_run_is_compared_with_an_earlier_one_of_its_region_only(
    office: httpx.AsyncClient, run: Any, earlier: Any
) -> None:
    elsewhere = await begun(office, as_of=BEFORE, region=f"{REGION}999")
    for asked, since in ((earlier, run), (run, run), (run, elsewhere)):
        path = f"/v1/runs/{asked['id']}/bulletin.docx"
        answer = await office.get(path, params={"since": since["id"]})
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/not-before"
    nowhere = await office.get(f"/v1/runs/{run['id']}/bulletin.pdf", params={"since": 2**40})
    assert nowhere.status_code == 404


async def test_a_draft_says_so_and_is_for_the_office(
    office: httpx.AsyncClient, as_: As, run: Any
) -> None:
    assert "（草稿，未公布）" in await text_for(office, run)
    for role in ("viewer", "unit"):
        for kind in ("pdf", "docx", "xlsx"):
            path = f"/v1/runs/{run['id']}/bulletin.{kind}"
            answer = await as_(role, unit_id="U01").get(path)
            assert answer.status_code == 404

    published = (await office.post(f"/v1/runs/{run['id']}/publish")).json()

    text = await text_for(office, run)
    assert "草稿" not in text
    assert f"{published['published_at'][:4]}年" in text


async def test_the_public_reads_counts_and_a_unit_its_own_projects(
    office: httpx.AsyncClient, as_: As, run: Any
) -> None:
    await office.post(f"/v1/runs/{run['id']}/publish")
    lights = await all_items(office, f"/v1/runs/{run['id']}/lights")
    red = [light for light in lights if light["overall"] == "red"]
    unit = red[0]["unit_id"]

    public = await text_for(as_("viewer", unit_id=unit), run)
    own = await text_for(as_("unit", unit_id=unit), run)
    whole = await text_for(office, run)

    for project in PROJECTS.values():
        assert project.name not in public
        assert (project.name in own) <= (project.unit_id == unit)
    for light in red:
        name = PROJECTS[light["project_id"]].name
        assert name in whole
        assert (name in own) == (light["unit_id"] == unit)
    assert f"红灯{len(red)}个" in public


async def test_an_office_elsewhere_sees_no_bulletin(as_: As, run: Any) -> None:
    answer = await as_("office", region="999902").get(f"/v1/runs/{run['id']}/bulletin.pdf")
    assert answer.status_code == 404
