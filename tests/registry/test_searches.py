"""Searches of lists: by name, code and initials, in an order of their own, as read today."""

from typing import Any

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, facts_of, imported, zipped

BESIDE = "990102"
PROJECT = {"unit_id": "U01", "nature": "new"}
NAMES = {
    "S1": "重庆路100%清洁供热_一期",
    "S2": "长乐重庆路改造",
    "S3": "重庆路",
    "S4": r"反斜杠\与下划线_工程",
    "S5": "ＡＢＣ 物流园",
}


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    for project, name in NAMES.items():
        code = {"national_code": f"2203-990101-04-01-{project[1:]:0>6}"}
        answer = await office.put(f"/v1/projects/{project}", json={**PROJECT, "name": name, **code})
        assert answer.status_code == 201, answer.text
    return office


async def found(client: httpx.AsyncClient, search: str, **asked: Any) -> list[str]:
    params = {"search": search, "limit": 200, **asked}
    answer = await client.get("/v1/projects", params=params)
    assert answer.status_code == 200, answer.text
    return [item["project_id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("search", "projects"),
    [
        ("重庆路", ["S3", "S1", "S2"]),  # by the place of the hit, then by length
        ("重 庆 路", ["S3", "S1", "S2"]),
        ("zql", ["S3", "S1", "S2"]),
        ("cql", ["S3", "S1", "S2"]),
        ("CQL", ["S3", "S1", "S2"]),
        ("cyzqlgz", ["S2"]),  # 长 c, 乐 y, 重 z: a mix
        ("zlcqlgz", ["S2"]),
        ("abc物流", ["S5"]),
        ("ａｂｃwl", ["S5"]),
        ("100%", ["S1"]),
        ("%", ["S1"]),
        ("_", ["S4", "S1"]),
        ("热_一", ["S1"]),
        ("热%一", []),
        ("\\", ["S4"]),
        ("\\与下", ["S4"]),
        ("s4", ["S4"]),
        ("01-000002", ["S2"]),
        ("'", []),
        ("不会有的名字", []),
    ],
)
async def test_what_is_found_is_in_order(
    county: httpx.AsyncClient, search: str, projects: list[str]
) -> None:
    ours = [project for project in await found(county, search) if project in NAMES]
    assert ours == projects


async def test_a_search_combines_with_filters_and_narrows_nothing_else(
    county: httpx.AsyncClient,
) -> None:
    assert await found(county, "重庆路", nature="continuing") == []
    assert await found(county, "重庆路", unit_id="U01") == ["S3", "S1", "S2"]
    everything = (await county.get("/v1/projects", params={"limit": 200})).json()["items"]
    names = {item["project_id"]: item["name"] for item in everything}
    for search in ("项目", "二期", "医院"):
        expected = {project for project, name in names.items() if search in name}
        assert set(await found(county, search)) == expected != set()


async def test_a_name_is_found_as_it_reads_now(county: httpx.AsyncClient) -> None:
    read = await county.get("/v1/projects/S3")
    changed = {**PROJECT, "name": "青石路", "national_code": read.json()["national_code"]}
    etag = {"if-match": read.headers["etag"]}
    assert (await county.put("/v1/projects/S3", json=changed, headers=etag)).status_code == 200
    assert await found(county, "重庆路") == ["S1", "S2"]
    assert "S3" in await found(county, "qsl")


async def test_an_import_makes_what_is_searched_too(county: httpx.AsyncClient) -> None:
    path = GOLDEN / "county" / "units.csv"
    changed = path.read_text(encoding="utf-8").replace("发展和改革局", "重点项目服务中心")
    before = (await county.get("/v1/units", params={"search": "zdxm"})).json()["items"]
    await imported(county, zipped(GOLDEN / "county", units=changed))
    after = (await county.get("/v1/units", params={"search": "zdxm"})).json()["items"]
    assert (before, [item["name"] for item in after]) == ([], ["重点项目服务中心"])
    assert (await county.get("/v1/units", params={"search": "发展和改革局"})).json()["items"] == []


async def test_pages_of_a_search_follow_the_cursor(county: httpx.AsyncClient) -> None:
    whole, pages = await found(county, "xm"), list[str]()
    after: str | None = ""
    while after is not None:
        params: dict[str, str | int] = {"search": "xm", "limit": 7, "after": after}
        page = (await county.get("/v1/projects", params=params)).json()
        pages += [item["project_id"] for item in page["items"]]
        after = page["next"]
    assert pages == whole
    assert len(whole) > 14


@pytest.mark.parametrize("search", ["", " ", "\u3000", "\u200b", "甲" * 101])
async def test_what_leaves_nothing_to_look_for_is_refused(
    county: httpx.AsyncClient, search: str
) -> None:
    for path in ("/v1/projects", "/v1/units"):
        answer = await county.get(path, params={"search": search})
        assert answer.status_code == 422, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == ["#/search"]


async def test_the_longest_search_is_asked(county: httpx.AsyncClient) -> None:
    assert await found(county, "ﷺ" * 100) == []
    assert await found(county, "%" * 100) == []


async def test_whoever_searches_finds_what_it_may_see(county: httpx.AsyncClient, as_: As) -> None:
    assert await found(as_("unit", unit_id="U01"), "重庆路") == ["S3", "S1", "S2"]
    assert await found(as_("unit", unit_id="U02"), "重庆路") == []
    assert await found(as_("office", BESIDE), "重庆路") == []
    of_region = await found(as_("office", "99"), "重庆路", region=REGION)
    assert of_region == [f"{REGION}:S3", f"{REGION}:S1", f"{REGION}:S2"]


async def test_what_is_derived_is_shown_nowhere(county: httpx.AsyncClient) -> None:
    texts = [
        (await county.get(path, params={"limit": 200})).text
        for path in ("/v1/projects", "/v1/events", "/v1/audit")
    ]
    texts += [(await county.get(f"/v1/projects/S1{path}")).text for path in ("", "/history")]
    for text in texts:
        assert "search_text" not in text
        assert "name_order" not in text
    facts = await facts_of(county)
    assert "search_text" not in facts.tables["projects"].column_names
