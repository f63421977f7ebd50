"""Runs over HTTP: the golden documents, one run for one question, the same bytes again."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.scoring.schemes.scheme_files import built_in_schemes
from tests.paths import GOLDEN
from tests.scoring.service.conftest import As
from tests.scoring.service.registry import Registry

DOCUMENTS = sorted(GOLDEN.glob("*.score-*.json"))
DAY = "2022-12-25"
SCHEME_NAME = built_in_schemes()["lanxian-2022"].zh


async def begun(office: httpx.AsyncClient, /, **ask: Any) -> dict[str, Any]:
    answer = await office.post("/v1/runs", json={"as_of": DAY, **ask})
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestGolden:
    @pytest.fixture(params=DOCUMENTS, ids=lambda path: path.stem)
    def document(self, request: pytest.FixtureRequest) -> Path:
        path: Path = request.param
        return path

    @pytest.fixture
    def registry(self, document: Path, small: Registry, county: Registry) -> Registry:
        return {"small": small, "county": county}[document.name.split(".")[0]]

    async def test_a_run_reads_back_as_the_golden_document(
        self, document: Path, office: httpx.AsyncClient
    ) -> None:
        expected = golden(document)

        run = await begun(office, as_of=document.stem[-10:])
        path = f"/v1/runs/{run['id']}"
        whole = (await office.get(f"{path}/document")).json()
        ranking = (await office.get(f"{path}/ranking")).json()
        lights = await all_items(office, f"{path}/lights")

        assert part_asked(whole, expected) == expected
        assert part_asked(ranking["groups"], whole["groups"]) == whole["groups"]
        assert part_asked(lights, whole["lights"]) == whole["lights"]


def golden(document: Path) -> Any:
    return json.loads(document.read_text(encoding="utf-8"))


def part_asked(printed: Any, expected: Any) -> Any:
    """What is printed, without keys that the golden document knows nothing of."""
    if isinstance(printed, dict) and isinstance(expected, dict):
        return {key: part_asked(printed[key], expected[key]) for key in expected if key in printed}
    if isinstance(printed, list) and isinstance(expected, list):
        rows = [part_asked(row, other) for row, other in zip(printed, expected, strict=False)]
        return rows + printed[len(expected) :]
    return printed


async def all_items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        url = httpx.URL(path).copy_merge_params({"after": after, "limit": 7})
        answer = (await client.get(url)).json()
        items += answer["items"]
        after = answer["next"]
    return items


async def test_runs_come_the_newest_first_and_are_counted(office: httpx.AsyncClient) -> None:
    begun_runs = [await begun(office, as_of=f"2022-{month:02}-28") for month in range(1, 10)]
    ids = [run["id"] for run in begun_runs]
    assert [run["id"] for run in await all_items(office, "/v1/runs?order=latest")] == ids[::-1]
    assert [run["id"] for run in await all_items(office, "/v1/runs")] == ids

    asked = {"totals": "true", "limit": "2", "as_of_from": "2022-06-01"}
    page = (await office.get("/v1/runs", params=asked)).json()
    assert (page["totals"], len(page["items"])) == ({"count": 4}, 2)
    assert (await office.get("/v1/runs")).json()["totals"] is None
    assert {run["scheme_name"] for run in page["items"]} == {SCHEME_NAME}
    published = (await office.post(f"/v1/runs/{ids[0]}/publish")).json()
    assert published["scheme_name"] == SCHEME_NAME


async def test_the_public_counts_what_is_published(as_: As, office: httpx.AsyncClient) -> None:
    runs = [await begun(office, as_of=day) for day in (DAY, "2022-11-30")]
    await office.post(f"/v1/runs/{runs[0]['id']}/publish")
    page = (await as_("viewer").get("/v1/runs", params={"totals": "true"})).json()
    assert page["totals"] == {"count": 1}
