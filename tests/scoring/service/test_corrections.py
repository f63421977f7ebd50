"""A published run is corrected by another: both stay, and what changed is told with the reason."""

from typing import Any

import httpx
import pytest

from tests.registry.clients import REGION
from tests.scoring.documents.printed_tables import docx_tables, pages_of, xlsx_sheets
from tests.scoring.service.conftest import As
from tests.scoring.service.registry import Registry
from tests.scoring.service.test_bulletins import bulletin
from tests.scoring.service.test_run_views import RULES
from tests.scoring.service.test_runs import DAY, begun

UNIT = "U01"
AUGUST = "2022-08-31"
REASON = "P059八月投资多报一位"
ABOVE, BESIDE = "9901", "990102"


@pytest.fixture
def registry(corrected: Registry) -> Registry:
    return corrected


@pytest.fixture
async def first(office: httpx.AsyncClient, corrected: Registry) -> dict[str, Any]:
    """A published run over what was known before the ledger was corrected."""
    return await published(office, corrected)


async def published(
    office: httpx.AsyncClient, corrected: Registry, day: str = AUGUST, **ask: Any
) -> dict[str, Any]:
    run = await begun(office, as_of=day, known_at=corrected.then.isoformat(), **ask)
    await office.post(f"/v1/runs/{run['id']}/publish")
    return run


async def correct(office: httpx.AsyncClient, run_id: int, **ask: Any) -> httpx.Response:
    return await office.post(f"/v1/runs/{run_id}/corrections", json={"reason": REASON, **ask})


async def corrected_run(office: httpx.AsyncClient, run_id: int, **ask: Any) -> dict[str, Any]:
    answer = await correct(office, run_id, **ask)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def read(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_unit(ranking: Any) -> dict[str, Any]:
    return {unit["unit_id"]: unit for group in ranking["groups"] for unit in group["units"]}


async def test_readers_of_the_first_see_its_correction_once_it_is_published(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    path, viewer = f"/v1/runs/{first['id']}", as_("viewer")
    before = [(await viewer.get(f"{path}{view}")).content for view in ("/ranking", "/boards")]
    second = await corrected_run(office, first["id"])
    assert (second["corrects"], second["reason"], second["state"]) == (first["id"], REASON, "draft")
    for name in ("as_of", "scheme_id", "scheme_version", "office", "region"):
        assert second[name] == first[name]
    assert second["facts_digest"] != first["facts_digest"]
    for reader in (office, viewer):
        read_first = await read(reader, path)
        assert (read_first["state"], read_first["corrected_by"]) == ("published", None)
    assert (await read(viewer, f"{path}/corrections"))["items"] == []
    assert [each["state"] for each in (await read(office, f"{path}/corrections"))["items"]] == [
        "draft"
    ]

    await office.post(f"/v1/runs/{second['id']}/publish")
    read_first = await read(viewer, path)
    assert (read_first["state"], read_first["corrected_by"]) == ("corrected", second["id"])
    assert [
        (await viewer.get(f"{path}{view}")).content for view in ("/ranking", "/boards")
    ] == before
    assert {run["id"] for run in (await read(viewer, "/v1/runs"))["items"]} == {
        first["id"],
        second["id"],
    }


async def test_what_changed_is_what_both_rankings_say(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    second = await corrected_run(office, first["id"])
    await office.post(f"/v1/runs/{second['id']}/publish")
    viewer = as_("viewer")
    old, new = [
        by_unit(await read(viewer, f"/v1/runs/{run['id']}/ranking")) for run in (first, second)
    ]
    (item,) = (await read(viewer, f"/v1/runs/{first['id']}/corrections"))["items"]
    assert (item["run_id"], item["reason"], item["state"]) == (second["id"], REASON, "published")
    changed = {unit["unit_id"]: unit for unit in item["units"]}
    assert changed

    def figure(side: Any, unit: str, metric: str) -> Any:
        found = side[unit]["metrics"][metric]
        return [found[key] for key in ("numerator", "denominator", "points")]

    for unit in new:
        told = changed.get(unit, {"rank": [], "total": [], "metrics": {}})
        for key in ("rank", "total"):
            pair = [old[unit][key], new[unit][key]]
            assert told[key] == (pair if pair[0] != pair[1] else [])
        differing = {
            metric
            for metric in new[unit]["metrics"]
            if figure(old, unit, metric) != figure(new, unit, metric)
        }
        assert {*told["metrics"]} == differing
        for metric in differing:
            pair = [side[unit]["metrics"][metric] for side in (old, new)]
            assert told["metrics"][metric] == pair


async def test_the_bulletin_of_a_correction_lists_what_changed(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    second = await corrected_run(office, first["id"])
    viewer = as_("viewer")
    await office.post(f"/v1/runs/{second['id']}/publish")
    (item,) = (await read(viewer, f"/v1/runs/{first['id']}/corrections"))["items"]
    moved = [unit for unit in item["units"] if unit["rank"] or unit["total"]]
    figures = sum(len(unit["metrics"]) for unit in item["units"])
    assert moved
    assert figures

    sheets = xlsx_sheets(await bulletin(viewer, second, "xlsx"))
    rows = {row[1]: row[2:] for row in sheets["更正的名次和总分"][1:]}
    assert {*rows} == {unit["name"] for unit in moved}
    ranking = by_unit(await read(viewer, f"/v1/runs/{second['id']}/ranking"))
    for unit in moved:
        now = ranking[unit["unit_id"]]
        ranks, totals = (unit[key] or [now[key]] * 2 for key in ("rank", "total"))
        assert rows[unit["name"]] == [*ranks, *map(float, totals)]
    assert len(sheets["更正的指标"]) == 1 + figures

    tables = [rows for _, rows in docx_tables(await bulletin(viewer, second, "docx"))]
    assert len(tables[0]) == len(moved)
    text = "".join(pages_of(await bulletin(viewer, second, "pdf")))
    for said in (
        "更正通报",
        REASON,
        f"第{first['id']}次计分有误",
        "特此更正",
        "更正的指标数值和得分",
    ):
        assert said in text
    of_first = "".join(pages_of(await bulletin(viewer, first, "pdf")))
    assert f"已由第{second['id']}次计分更正" in of_first
    assert "更正通报" not in of_first


async def test_a_correction_that_moves_nobody_says_so(
    office: httpx.AsyncClient, corrected: Registry
) -> None:
    """What was wrong in August is right in December's own reports."""
    first = await published(office, corrected, DAY)
    second = await corrected_run(office, first["id"])
    (item,) = (await read(office, f"/v1/runs/{first['id']}/corrections"))["items"]
    assert item["units"] == []
    sheets = xlsx_sheets(await bulletin(office, second, "xlsx"))
    assert not {"更正的名次和总分", "更正的指标"} & {*sheets}
    text = "".join(pages_of(await bulletin(office, second, "pdf")))
    assert "各单位的名次、总分都不变" in text
    assert "见附件" not in text.partition("总体排名")[0].partition("更正的名次和总分")[2]


async def test_a_run_that_equals_it_is_no_correction(
    office: httpx.AsyncClient, first: dict[str, Any], corrected: Registry
) -> None:
    refused = await correct(office, first["id"], known_at=corrected.then.isoformat())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nothing-changed")
    assert f"第 {first['id']} 次" in refused.json()["detail"]


async def test_other_entries_are_enough(office: httpx.AsyncClient) -> None:
    await office.post("/v1/schemes", json={"text": RULES.format(lights="tianjin-2022")})
    first = await begun(office, scheme="rule-book")
    await office.post(f"/v1/runs/{first['id']}/publish")
    assert (await correct(office, first["id"])).json()["type"] == "/problems/nothing-changed"
    visits = {"unit_id": UNIT, "metric": "visits", "value": 2, "reason": "两次"}
    await office.post("/v1/entries", json={"scheme": "rule-book", "day": DAY, "marks": [visits]})
    second = await corrected_run(office, first["id"])
    assert second["facts_digest"] == first["facts_digest"]
    (item,) = (await read(office, f"/v1/runs/{first['id']}/corrections"))["items"]
    (unit,) = (each for each in item["units"] if "visits" in each["metrics"])
    before, after = unit["metrics"]["visits"]
    assert unit["unit_id"] == UNIT
    assert (before["text"], after["text"]) == ("未录入", "2")
    assert after["points"] == "4.0000"


async def test_a_correction_beside_an_equal_draft_is_a_run_of_its_own(
    office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    draft = await begun(office, as_of=AUGUST)
    second = await corrected_run(office, first["id"])
    assert second["id"] != draft["id"]
    assert second["facts_digest"] == draft["facts_digest"]
    again = await correct(office, first["id"])
    assert (again.status_code, again.json()["id"]) == (200, second["id"])
    other = await corrected_run(office, first["id"], reason="另一个理由")
    assert other["id"] not in (draft["id"], second["id"])
    assert (await begun(office, as_of=AUGUST))["id"] == draft["id"]


async def test_of_two_corrections_one_is_published(
    office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    second = await corrected_run(office, first["id"])
    other = await corrected_run(office, first["id"], reason="另一个理由")
    await office.post(f"/v1/runs/{second['id']}/publish")
    again = await office.post(f"/v1/runs/{second['id']}/publish")
    assert again.json()["state"] == "published"
    refused = await office.post(f"/v1/runs/{other['id']}/publish")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-corrected")
    assert (await read(office, f"/v1/runs/{other['id']}"))["state"] == "draft"
    assert (await correct(office, first["id"])).json()["type"] == "/problems/already-corrected"
    quarter = "/v1/periods?scheme=lanxian-2022&year=2022&quarter=3"
    counties = f"/v1/counties?scheme=lanxian-2022&as_of={AUGUST}"
    for ranking, key in ((quarter, "run_id"), (counties, "id")):  # never of the other draft
        assert [run[key] for run in (await read(office, ranking))["runs"]] == [second["id"]]


async def test_a_correction_is_corrected_in_its_turn(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any], corrected: Registry
) -> None:
    second = await corrected_run(office, first["id"])
    await office.post(f"/v1/runs/{second['id']}/publish")
    third = await corrected_run(
        office, second["id"], reason="原数无误", known_at=corrected.then.isoformat()
    )
    await office.post(f"/v1/runs/{third['id']}/publish")
    viewer = as_("viewer")
    chain = [await read(viewer, f"/v1/runs/{run['id']}") for run in (first, second, third)]
    assert [(run["state"], run["corrects"], run["corrected_by"]) for run in chain] == [
        ("corrected", None, second["id"]),
        ("corrected", first["id"], third["id"]),
        ("published", second["id"], None),
    ]
    there, back = [
        (await read(viewer, f"/v1/runs/{run['id']}/corrections"))["items"]
        for run in (first, second)
    ]
    assert [unit["total"][::-1] for unit in there[0]["units"]] == [
        unit["total"] for unit in back[0]["units"]
    ]


async def test_only_its_office_corrects_and_only_what_is_published(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    assert (await correct(as_("office", region=ABOVE), first["id"])).status_code == 403
    assert (await correct(as_("office", region=BESIDE), first["id"])).status_code == 404
    assert (await correct(as_("inspector"), first["id"])).status_code == 403
    assert (await correct(office, first["id"], reason="")).status_code == 422
    draft = await begun(office, as_of=AUGUST)
    refused = await correct(office, draft["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-published")
    beside = await as_("viewer", region=BESIDE).get(f"/v1/runs/{first['id']}/corrections")
    assert beside.status_code == 404


async def test_a_correction_is_opened_for_comment_as_any_draft(
    as_: As, office: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    second = await corrected_run(office, first["id"])
    path, unit = f"/v1/runs/{second['id']}", as_("unit", unit_id=UNIT)
    assert (await unit.get(path)).status_code == 404
    await office.post(f"{path}/comment-period", json={"until_on": "2199-12-31"})
    assert (await read(unit, path))["corrects"] == first["id"]
    (item,) = (await read(unit, f"/v1/runs/{first['id']}/corrections"))["items"]
    assert item["state"] == "open_for_comment"
    assert (await read(as_("viewer"), f"/v1/runs/{first['id']}/corrections"))["items"] == []
    assert (await read(unit, f"/v1/runs/{first['id']}"))["corrected_by"] is None


async def test_a_correction_of_a_region_is_over_the_same_offices(
    as_: As, corrected: Registry
) -> None:
    city = as_("office", region=ABOVE)
    first = await published(city, corrected, region=ABOVE)
    second = await corrected_run(city, first["id"])
    assert (second["office"], second["region"]) == ("", ABOVE)
    (item,) = (await read(city, f"/v1/runs/{first['id']}/corrections"))["items"]
    assert {unit["unit_id"].partition(":")[0] for unit in item["units"]} == {REGION}
