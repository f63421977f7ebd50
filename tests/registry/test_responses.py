"""Answers are texts that the database writes; the models say what is in them, and in what form."""

import re
from typing import Any

import httpx
import pytest

from services.registry.records.resource import Resource
from services.registry.records.schemas import build_read_model
from services.registry.resources import RESOURCES
from shared.facts.tables import FACT_KINDS
from tests.paths import GOLDEN
from tests.registry.clients import imported, ledger, zipped
from tests.samples import SAMPLES, sample_files

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
AWKWARD = '引号"、反斜杠\\、换行\n、制表\t、😀、\u2028、</script>、%(x)s、$1'


EMPTY: dict[str, Any] = {"items": [], "next": None, "totals": None}


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county", **sample_files()))
    return office


RESOURCE_OF_KIND = {each.kind.name: each for each in RESOURCES if not each.part}


def place_of(resource: Resource) -> str:
    """The list of a resource, of a project that has some."""
    sample, name = SAMPLES.get(resource.kind.name), resource.kind.name
    rows = sample.rows if sample else ledger("county").tables[name].slice(0, 1).to_pylist()
    return f"/v1{resource.list_path}".format(**rows[0])


@pytest.mark.parametrize("name", FACT_KINDS)
async def test_a_line_is_what_the_model_would_write(county: httpx.AsyncClient, name: str) -> None:
    model = build_read_model(name)
    place = place_of(RESOURCE_OF_KIND[name])
    items: list[dict[str, Any]] = (await county.get(place)).json()["items"]
    assert items
    for item in items:
        assert list(item) == list(model.model_fields)
        assert INSTANT.fullmatch(item["recorded_at"])
        written = model.model_validate(item).model_dump(mode="json")
        assert written | {"recorded_at": ""} == item | {"recorded_at": ""}


@pytest.mark.parametrize("name", FACT_KINDS)
async def test_one_is_read_as_it_is_listed(county: httpx.AsyncClient, name: str) -> None:
    resource = RESOURCE_OF_KIND[name]
    for item in (await county.get(place_of(resource))).json()["items"]:
        if resource.blank and item[resource.blank] is not None:
            continue
        query = {column: item[column] for column in resource.query_key if item[column]}
        one = await county.get(f"/v1{resource.item_path}".format(**item), params=query)
        assert (one.status_code, one.json()) == (200, item)
        assert one.headers["etag"] == f'"{item["version"]}"'
        assert one.headers["content-type"] == "application/json"
        if not resource.is_keyless:
            history = f"/v1{resource.item_path}/history".format(**item)
            assert (await county.get(history, params=query)).json() == [item]


async def test_what_was_written_is_answered_and_read_back_alike(county: httpx.AsyncClient) -> None:
    path = "/v1/projects/P024/progress/2022-10-30"
    sent = {"invested_ytd_yuan": 40_000_000, "physical_pct": "62.5", "note": AWKWARD}
    why = "\n".join(AWKWARD.splitlines())  # a reason has line breaks that are seen, and no others
    why = "".join(each for each in why if each == "\n" or each.isprintable())
    written = await county.put(path, json=sent | {"why": why})
    assert written.status_code == 201, written.text
    found = written.json()
    assert found | {"physical_pct": "62.5", "why": why} == found | sent | {"why": why}
    assert found["physical_pct"] == "62.5000"
    assert (await county.get(path)).content == written.content
    (past,) = (await county.get(path + "/history")).json()
    assert past == found


async def test_an_empty_page_is_a_page(office: httpx.AsyncClient) -> None:
    assert (await office.get("/v1/projects")).json() == EMPTY


async def test_below_a_project_that_is_not_there_is_nothing(county: httpx.AsyncClient) -> None:
    assert (await county.get("/v1/projects/P024/plans", params={"after": 10**9})).json() == EMPTY
    answer = await county.get("/v1/projects/P999/plans")
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有这个项目")


async def test_what_is_recorded_already_may_be_sent_again_with_its_lists(
    county: httpx.AsyncClient,
) -> None:
    before = (await county.get("/v1/projects/P007")).json()
    fact = {name: before[name] for name in FACT_KINDS["projects"].model.model_fields}
    del fact["project_id"]
    assert fact["key_levels"] == ["city"]
    again = await county.put("/v1/projects/P007", json=fact)
    assert (again.status_code, again.json()) == (200, before)


@pytest.mark.parametrize(
    ("language", "detail"),
    [("zh-CN", "金额不能为负数"), ("en-GB", "An amount may not be negative.")],
)
async def test_what_is_wrong_is_said_in_the_readers_language(
    county: httpx.AsyncClient, language: str, detail: str
) -> None:
    answer = await county.put(
        "/v1/projects/P024/progress/2022-10-30",
        json={"invested_ytd_yuan": -1},
        headers={"accept-language": language},
    )
    wrong = {"pointer": "#/invested_ytd_yuan", "code": "negative_money", "detail": detail}
    assert (answer.status_code, answer.json()["errors"]) == (422, [wrong])


async def test_a_record_that_a_ledger_would_read_as_its_total_is_refused(
    county: httpx.AsyncClient,
) -> None:
    total = {"name": "甲", "unit_id": "U01", "nature": "new"}
    answer = await county.put("/v1/projects/合计", json=total)
    assert [error["code"] for error in answer.json()["errors"]] == ["missing_value"]
