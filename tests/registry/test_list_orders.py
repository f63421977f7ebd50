"""Orders of lists and their cursors, filters that combine, and totals of what they leave."""

import base64
import json
import zlib
from itertools import combinations
from typing import Any

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, zipped

BESIDE = "990102"
FILTERS = {
    "nature": "new",
    "unit_id": "U06",
    "key_levels": "province",
    "programs": "three_batches",
    "search": "项目",
}


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


async def page(client: httpx.AsyncClient, path: str = "/v1/projects", **asked: Any) -> Any:
    answer = await client.get(path, params={"limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def all_pages(client: httpx.AsyncClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        found = await page(client, path, after=after, limit=7, **asked)
        items, after = items + found["items"], found["next"]
    return items


# --- orders


async def test_the_largest_come_first_and_the_unknown_last(county: httpx.AsyncClient) -> None:
    for project, amount in (("T1", None), ("T2", 0), ("T3", 10**12), ("T4", None)):
        fact = {"name": "甲", "unit_id": "U01", "nature": "new", "total_investment_yuan": amount}
        assert (await county.put(f"/v1/projects/{project}", json=fact)).status_code == 201
    items = await all_pages(county, "/v1/projects", order="total_investment")
    amounts = [item["total_investment_yuan"] for item in items]
    known = [amount for amount in amounts if amount is not None]
    assert len(items) == 64
    assert known == sorted(known, reverse=True)
    assert amounts == known + [None] * (64 - len(known))
    assert [item["project_id"] for item in items if item["name"] == "甲"] == [
        "T3",
        "T2",
        "T1",
        "T4",
    ]


async def test_names_are_in_the_order_of_their_pinyin(county: httpx.AsyncClient) -> None:
    for unit, name in (("V1", "赵家庄"), ("V2", "安康路"), ("V3", "安徽路"), ("V4", "安徽路")):
        fact = {"name": name, "kind": "zone", "group": "g"}
        assert (await county.put(f"/v1/units/{unit}", json=fact)).status_code == 201
    items = await all_pages(county, "/v1/units", order="name")
    assert [i["unit_id"] for i in items if i["unit_id"] > "V"] == ["V3", "V4", "V2", "V1"]
    assert sorted(i["unit_id"] for i in items) == sorted(
        i["unit_id"] for i in (await page(county, "/v1/units"))["items"]
    )


async def test_an_order_holds_for_what_is_searched_too(county: httpx.AsyncClient) -> None:
    asked = {"search": "项目", "order": "total_investment"}
    items = await all_pages(county, "/v1/projects", **asked)
    amounts = [item["total_investment_yuan"] for item in items]
    assert amounts == sorted(amounts, reverse=True)
    assert all("项目" in item["name"] for item in items)


async def test_the_default_order_is_that_of_recording(county: httpx.AsyncClient) -> None:
    plain = await page(county, limit=3)
    assert await page(county, limit=3, order="recorded") == plain
    assert plain["next"] == str(plain["items"][-1]["version"])


async def test_an_order_that_is_none_is_refused(county: httpx.AsyncClient) -> None:
    answer = await county.get("/v1/projects", params={"order": "version"})
    assert answer.status_code == 422
    assert "recorded" in answer.json()["errors"][0]["detail"]


# --- cursors


async def test_a_cursor_is_of_one_order_and_one_search(county: httpx.AsyncClient) -> None:
    lists = [
        {},
        {"order": "name"},
        {"order": "total_investment"},
        {"search": "项目"},
        {"search": "xm"},
        {"search": "项目", "order": "name"},
    ]
    cursors = [(await page(county, limit=1, **asked))["next"] for asked in lists]
    assert None not in cursors
    for place, asked in enumerate(lists):
        for other, cursor in enumerate(cursors):
            params = {**asked, "after": cursor}
            answer = await county.get("/v1/projects", params=params)
            assert answer.status_code == (200 if place == other else 422), (asked, cursor)


def cursor(*content: Any) -> str:
    packed = json.dumps(content, ensure_ascii=True)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def nested(depth: int) -> str:
    return base64.urlsafe_b64encode(b"[" * depth).decode().rstrip("=")


@pytest.mark.parametrize("order", ["name", "total_investment"])
@pytest.mark.parametrize(
    "sent",
    [
        "x",
        "5",
        "_" * 16_000,
        nested(9000),
        cursor(),
        cursor(1),
        cursor(["name", ""], "a"),
        cursor(["name", ""], 1, 1),
        cursor(["name", ""], "a\x00", 1),
        cursor(["name", ""], "\ud800", 1),
        cursor(["name", ""], "a", 2**63),
        cursor(["name", ""], "a", True),
        cursor(["name", ""], "a", 1, 1),
        cursor(["total_investment", ""], "1", 1),
        cursor(["total_investment", ""], 1.5, 1),
        cursor(["total_investment", ""], -(2**70), 1),
        cursor(["total_investment", ""], None, 1),
    ],
)
async def test_what_is_no_cursor_is_refused(
    county: httpx.AsyncClient, order: str, sent: str
) -> None:
    answer = await county.get("/v1/projects", params={"order": order, "after": sent})
    assert answer.status_code == 422, answer.text


async def test_a_deep_cursor_of_a_feed_is_refused_too(county: httpx.AsyncClient) -> None:
    deep = base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode().rstrip("=")
    for after in (deep, "9" * 5000):
        answer = await county.get("/v1/events", params={"after": after})
        assert answer.status_code == 422, answer.text


async def test_a_page_goes_on_where_it_was_though_rows_come_and_go(
    county: httpx.AsyncClient,
) -> None:
    """What is corrected in between comes again at its new place, nothing else twice or never."""
    first = await page(county, order="total_investment", limit=20)
    last = first["items"][-1]["project_id"]
    read = await county.get(f"/v1/projects/{last}")
    fact = {k: v for k, v in read.json().items() if k in FIELDS} | {"total_investment_yuan": 1}
    etag = {"if-match": read.headers["etag"]}
    answer = await county.put(f"/v1/projects/{last}", json=fact, headers=etag)
    assert answer.status_code == 200, answer.text
    rest = await page(county, order="total_investment", after=first["next"])
    ids = [item["project_id"] for item in first["items"] + rest["items"]]
    assert ids.count(last) == 2
    assert len(set(ids)) == 60 == len(ids) - 1


FIELDS = (
    *("national_code", "name", "region_code", "unit_id", "owner_name", "owner_uscc", "nature"),
    *("key_levels", "programs", "industry_code", "is_industrial", "is_government_funded"),
    *("is_attracted", "contract_yuan", "total_investment_yuan", "competent_unit_id", "is_secret"),
)


# --- filters


def meets(item: dict[str, Any], name: str, value: str) -> bool:
    if name == "search":
        return value in item["name"]
    return value in item[name] if isinstance(item[name], list) else item[name] == value


async def test_filters_combine(county: httpx.AsyncClient) -> None:
    everything = (await page(county))["items"]
    seen = set()
    for number in (1, 2, 3):
        for names in combinations(FILTERS, number):
            asked = {name: FILTERS[name] for name in names}
            expected = {
                item["project_id"]
                for item in everything
                if all(meets(item, name, value) for name, value in asked.items())
            }
            found = await page(county, totals=True, **asked)
            assert {item["project_id"] for item in found["items"]} == expected, asked
            assert found["totals"]["count"] == len(expected)
            seen.add(len(expected))
    assert len(seen) > 5


async def test_a_region_narrows_by_its_prefix(county: httpx.AsyncClient, as_: As) -> None:
    fact = {"name": "甲", "unit_id": "U01", "nature": "new", "region_code": "990101001"}
    await county.put("/v1/projects/T1", json=fact)
    city = as_("office", "99")
    for region, number in (("99", 61), (REGION, 61), ("990101001", 1), (BESIDE, 0)):
        found = await page(city, region=region, totals=True)
        assert len(found["items"]) == found["totals"]["count"] == number
    assert len((await page(county, region="990101001", nature="new"))["items"]) == 1
    assert len((await page(county, region="990101001", nature="reserve"))["items"]) == 0


async def test_a_level_that_is_none_is_refused(county: httpx.AsyncClient) -> None:
    assert (await county.get("/v1/projects", params={"key_levels": "x"})).status_code == 422
    assert (await county.get("/v1/projects", params={"nature": "x"})).status_code == 422


# --- totals


def total(items: list[dict[str, Any]], column: str) -> int | None:
    known = [item[column] for item in items if item[column] is not None]
    return sum(known) if known else None


@pytest.mark.parametrize("asked", [{}, {"nature": "new"}, {"search": "医院"}, {"search": "没有的"}])
async def test_totals_are_of_all_that_is_listed(
    county: httpx.AsyncClient, asked: dict[str, str]
) -> None:
    whole = (await page(county, **asked))["items"]
    expected = {
        "count": len(whole),
        "contract_yuan": total(whole, "contract_yuan"),
        "total_investment_yuan": total(whole, "total_investment_yuan"),
    }
    for order in ("recorded", "total_investment"):
        first = await page(county, totals=True, limit=1, order=order, **asked)
        assert first["totals"] == expected
        if first["next"]:
            after = {"after": first["next"], "order": order}
            assert (await page(county, totals=True, limit=1, **after, **asked))[
                "totals"
            ] == expected
    assert (await page(county, **asked))["totals"] is None


async def test_totals_are_exact_and_of_each_kind(county: httpx.AsyncClient, as_: As) -> None:
    for number in range(3):
        fact = {"source": "bank_loan", "event": "applied", "project_id": "P024"}
        amount = {"amount_yuan": 9_999_999_999_999 - number}
        assert (await county.post("/v1/funds", json=fact | amount)).status_code == 201
    ours = {"project_id": "P024", "source": "bank_loan", "event": "applied"}
    found = await page(county, "/v1/funds", totals=True, **ours)
    assert found["totals"] == {"count": 3, "amount_yuan": 3 * 9_999_999_999_999 - 3}
    plans = await page(county, "/v1/projects/P024/plans", totals=True)
    assert plans["totals"]["count"] == len(plans["items"]) == 1
    assert plans["totals"]["planned_yuan"] == plans["items"][0]["planned_yuan"]
    assert (await page(county, "/v1/problems", totals=True))["totals"].keys() == {"count"}
    for role, unit in (("unit", "U06"), ("leader", "U06"), ("inspector", None)):
        seen = await page(as_(role, unit_id=unit), totals=True)
        assert seen["totals"]["count"] == len(seen["items"]) > 0
        amount_seen = total(seen["items"], "total_investment_yuan")
        assert seen["totals"]["total_investment_yuan"] == amount_seen
