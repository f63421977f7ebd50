"""A run read in parts: every part is the document's, and nobody is shown what is another unit's."""

import json
from typing import Any

import httpx
import pytest

from services.scoring.engine.lights.history import movement_document
from services.scoring.schemes.scheme_files import find_scheme
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import DAY, all_items, begun, part_asked

BEFORE = "2022-09-30"
UNIT = "U02"
SPEED = find_scheme("lanxian-2022").pillars[0].zh
RULES = """id: rule-book
zh: 全套办法
source: 本县文件
lights: {lights}
pillars:
  - id: progress
    zh: 进度
    weight: 80
    metrics:
      - {{id: investment_completion, points: {{rule: threshold, at: target}}}}
      - {{id: start_rate, points: {{rule: proportional}}}}
  - id: attraction
    zh: 招商
    weight: 20
    metrics:
      - {{id: fund_arrival, points: {{rule: proportional}}}}
      - {{id: clearance_rate, points: {{rule: proportional}}}}
adjustments:
  items:
    - {{id: visits, points: {{rule: per_item, points: 2, cap: 6}}}}
grades:
  - {{id: good, zh: 良好, from_total: 60}}
  - {{id: poor, zh: 较差}}
gates:
  - {{id: safety, zh: 安全事故, metric: accidents, at: 0, lowers: 1}}
tie_break: [start_rate]
metrics:
  - {{id: visits, zh: 现场办公, en: Visits, by_hand: true, measure: count, source: 本县文件}}
  - id: accidents
    zh: 安全事故数
    en: Accidents
    by_hand: true
    direction: lower
    measure: count
    source: 本县文件
boards: mianyang-2022
streaks:
  - {{id: last, zh: 连续末位, last: 1, rungs: [{{id: talk, months: 2, zh: 约谈}}]}}
awards: huidong-2022
"""
PARTS = {"boards": "boards", "streaks": "streaks", "awards": "awards", "unit-lights": "unit_lights"}


async def by_the_rule_book(office: httpx.AsyncClient, day: str = DAY) -> dict[str, Any]:
    """A run by a scheme that has everything, with targets and marks; published."""
    await office.post("/v1/schemes", json={"text": RULES.format(lights="tianjin-2022")})
    units = ["U01", UNIT, "U03", "U04", "U05"]
    target = {"metric": "investment_completion", "value": "0.8"}
    ask = {
        "scheme": "rule-book",
        "day": day,
        "targets": [{"unit_id": unit, **target} for unit in units],
        "marks": [
            {"unit_id": UNIT, "metric": "visits", "value": 2, "reason": "两次"},
            {"unit_id": UNIT, "metric": "accidents", "value": 1, "reason": "9月事故"},
        ],
    }
    entered = await office.post("/v1/entries", json=ask)
    assert entered.status_code == 201, entered.text
    run = await begun(office, scheme="rule-book", as_of=day)
    await office.post(f"/v1/runs/{run['id']}/publish")
    return run


async def whole(office: httpx.AsyncClient, run: dict[str, Any]) -> Any:
    return (await office.get(f"/v1/runs/{run['id']}/document")).json()


async def test_the_ranking_has_all_that_the_document_has(office: httpx.AsyncClient) -> None:
    run = await by_the_rule_book(office)
    document = await whole(office, run)
    ranking = (await office.get(f"/v1/runs/{run['id']}/ranking")).json()
    unit = next(u for g in ranking["groups"] for u in g["units"] if u["unit_id"] == UNIT)

    assert part_asked(ranking["groups"], document["groups"]) == document["groups"]
    assert ranking["off"] == document["off"]
    assert [metric["id"] for metric in ranking["off"]] == ["clearance_rate"]
    assert unit["grade"] == "poor"
    assert unit["missed"][0]["gate"] == "safety"
    assert unit["adjustments"]["items"]["visits"]["points"] == "4.0000"
    assert "parted_by" in unit


async def test_boards_streaks_awards_and_unit_lights_are_the_documents(
    office: httpx.AsyncClient,
) -> None:
    run = await by_the_rule_book(office)
    document = await whole(office, run)
    for path, key in PARTS.items():
        part = (await office.get(f"/v1/runs/{run['id']}/{path}")).json()
        if path == "awards":
            assert [award["award"] for award in part["items"]] == [
                award["award"] for award in document[key]
            ]
        assert part["declared"]
        assert part_asked(part["items"], document[key]) == document[key]
        assert part["items"]


async def test_what_a_scheme_has_not_is_said_to_be_not_there(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    for path in PARTS:
        part = (await office.get(f"/v1/runs/{run['id']}/{path}")).json()
        assert (part["declared"], part["items"]) == (False, [])


async def test_ranks_by_pillar_and_by_metric_are_in_order(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    groups = {g["group"]: g["units"] for g in (await whole(office, run))["groups"]}
    path = f"/v1/runs/{run['id']}"
    pillar = (await office.get(f"{path}/pillars/speed")).json()
    metric = (await office.get(f"{path}/metrics/fund_arrival")).json()

    assert (pillar["zh"], metric["zh"]) == (SPEED, "招商资金到位率")
    for kind, item, found in (("pillars", "speed", pillar), ("metrics", "fund_arrival", metric)):
        assert [group["group"] for group in found["groups"]] == [*groups]
        for group in found["groups"]:
            ranks = [unit["rank"] for unit in group["units"]]
            known = [rank for rank in ranks if rank is not None]
            assert ranks == sorted(known) + [None] * (len(ranks) - len(known))
            figures = {unit["unit_id"]: unit[kind][item] for unit in groups[group["group"]]}
            for unit in group["units"]:
                assert {key: unit[key] for key in figures[unit["unit_id"]]} == figures[
                    unit["unit_id"]
                ]
    for missing in ("pillars/fund_arrival", "metrics/speed"):
        assert (await office.get(f"{path}/{missing}")).status_code == 404


async def test_an_explanation_tells_adjustments_gates_and_what_was_entered(
    office: httpx.AsyncClient,
) -> None:
    run = await by_the_rule_book(office)
    found = (await office.get(f"/v1/runs/{run['id']}/units/{UNIT}")).json()

    assert found["grade"] == "poor"
    assert found["missed"][0]["reason"]
    assert found["metrics"]["visits"]["mark"]["reason"] == "两次"
    assert found["metrics"]["investment_completion"]["target"]["value"] == "4/5"


async def test_lights_tell_figure_threshold_and_since_when(office: httpx.AsyncClient) -> None:
    """yinchuan-2025 prints none of it: the document has it not, the lights over HTTP do."""
    run = await begun(office)
    lights = await all_items(office, f"/v1/runs/{run['id']}/lights")
    red = next(light for light in lights if light["axes"]["progress"] == "red")

    assert red["details"]["progress"]["threshold"]
    assert red["details"]["progress"]["since"] <= DAY
    assert red["since"] <= DAY
    assert "since" not in (await whole(office, run))["lights"][0]


async def test_runs_are_listed_by_scheme_day_and_whether_published(
    office: httpx.AsyncClient,
) -> None:
    runs = [await begun(office, as_of=day) for day in ("2022-08-31", BEFORE, DAY)]
    other = await begun(office, scheme="heilongjiang-2021")
    published = (await office.post(f"/v1/runs/{runs[1]['id']}/publish")).json()

    async def listed(**asked: Any) -> list[int]:
        items = (await office.get("/v1/runs", params=asked)).json()["items"]
        return [run["id"] for run in items]

    ids = [run["id"] for run in runs]
    assert await listed(scheme="heilongjiang-2021") == [other["id"]]
    assert await listed(scheme="lanxian-2022", as_of_from=BEFORE) == ids[1:]
    assert await listed(as_of_to=BEFORE) == ids[:2]
    assert await listed(published=True) == [published["id"]]
    assert await listed(published=False) == [ids[0], ids[2], other["id"]]


class TestMovement:
    @pytest.fixture
    async def two(self, office: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
        runs = [await begun(office, as_of=day) for day in (BEFORE, DAY)]
        for run in runs:
            await office.post(f"/v1/runs/{run['id']}/publish")
        return runs[0], runs[1]

    async def test_it_is_what_differs_between_the_documents(
        self, two: tuple[dict[str, Any], dict[str, Any]], office: httpx.AsyncClient
    ) -> None:
        before, after = two
        expected = movement_document(await whole(office, before), await whole(office, after))
        path = f"/v1/runs/{after['id']}/movement"
        found = (await office.get(path, params={"since": before["id"]})).json()

        document = json.loads(json.dumps(expected))
        assert part_asked(found, document) == document
        assert found["units"][0]["metrics"]
        nobodys = await office.get(path, params={"since": 999999})
        assert nobodys.status_code == 404

    async def test_nobody_sees_the_lights_of_others(
        self, two: tuple[dict[str, Any], dict[str, Any]], as_: As, office: httpx.AsyncClient
    ) -> None:
        path, asked = f"/v1/runs/{two[1]['id']}/movement", {"since": two[0]["id"]}
        everything = (await office.get(path, params=asked)).json()
        lights = await all_items(office, f"/v1/runs/{two[1]['id']}/lights")
        own = {light["project_id"] for light in lights if light["unit_id"] == UNIT}
        of_unit = (await as_("unit", unit_id=UNIT).get(path, params=asked)).json()
        of_viewer = (await as_("viewer").get(path, params=asked)).json()

        assert of_unit["units"] == of_viewer["units"] == everything["units"]
        expected = [light for light in everything["lights"] if light["project_id"] in own]
        assert of_unit["lights"] == expected != []
        assert of_viewer["lights"] == []


async def test_a_unit_is_told_of_its_own_candidates_and_the_public_of_boards_only(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = f"/v1/runs/{(await by_the_rule_book(office))['id']}"
    of_unit = await as_("unit", unit_id=UNIT).get(f"{path}/awards")
    units = {
        candidate["unit_id"]
        for award in of_unit.json()["items"]
        for candidate in (*award.get("winners", ()), *award.get("others", ()))
    }

    assert units == {UNIT}
    assert (await as_("viewer").get(f"{path}/boards")).json()["items"]
    assert (await as_("viewer").get(f"{path}/awards")).status_code == 403
