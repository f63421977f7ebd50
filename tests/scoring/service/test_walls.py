"""The wall of a run: the run's lights, with names, reasons and groups; of a unit its own."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from services.scoring.walls.rules import URGENCY
from tests.scoring.service.conftest import As, ledger
from tests.scoring.service.test_office_judgements import judged
from tests.scoring.service.test_runs import DAY, all_items, begun

UNITS = {unit["unit_id"]: unit["name"] for unit in ledger("county").tables["units"].to_pylist()}
PROJECTS = {p["project_id"]: p for p in ledger("county").tables["projects"].to_pylist()}
GROUPS: Mapping[str, Callable[[dict[str, Any]], list[str]]] = {
    "unit": lambda project: [project["unit_id"]],
    "competent_unit": lambda project: [project["competent_unit_id"] or ""],
    "level": lambda project: project["key_levels"] or [""],
    "program": lambda project: project["programs"] or [""],
    "sector": lambda project: [(project["industry_code"] or "")[:1]],
    "region": lambda project: [project["region_code"]],
    "nature": lambda project: [project["nature"]],
}


async def wall_of(client: httpx.AsyncClient, run_id: int, by: str = "unit") -> dict[str, Any]:
    answer = await client.get(f"/v1/runs/{run_id}/wall", params={"by": by})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_tiles_are_the_lights_of_the_run(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    lights = {x["project_id"]: x for x in await all_items(office, f"/v1/runs/{run['id']}/lights")}
    wall = await wall_of(office, run["id"])
    page = (await office.get(f"/v1/runs/{run['id']}/lights", params={"totals": True})).json()

    assert {tile["project_id"] for tile in wall["projects"]} == set(lights)
    same = ["unit_id", "overall", "axes", "completion", "time_progress", "lead"]
    same += ["since", "or_earlier", "judged"]
    for tile in wall["projects"]:
        light = lights[tile["project_id"]]
        assert {name: tile[name] for name in same} == {name: light[name] for name in same}
        assert tile["project_name"] == PROJECTS[tile["project_id"]]["name"]
        assert tile["unit_name"] == UNITS[tile["unit_id"]]
        for axis, detail in tile["details"].items():
            known = light["details"][axis]
            assert [detail[name] for name in ("word", "since", "or_earlier")] == [
                known[name] for name in ("word", "since", "or_earlier")
            ]
    assert (wall["totals"], wall["axes"]) == (page["totals"], page["axes"])
    urgency = [URGENCY[tile["overall"]] for tile in wall["projects"]]
    assert urgency == sorted(urgency)


async def test_a_reason_says_what_decided(office: httpx.AsyncClient) -> None:
    wall = await wall_of(office, (await begun(office))["id"])
    kinds = Counter[str]()
    for tile in wall["projects"]:
        lag = tile["lead"] and f"投资滞后 {tile['lead'].removeprefix('-')} 个百分点"
        decided = [axis for axis, colour in tile["axes"].items() if colour == tile["overall"]]
        if tile["overall"] in ("red", "yellow"):
            parts = tile["reason"].split("；")
            assert len(parts) == len(decided)
            if "progress" in decided:
                assert lag in parts
                kinds["progress"] += 1
            if "pooling" in decided:
                assert f"入库：{tile['details']['pooling']['text']}" in parts
                assert tile["details"]["pooling"]["text"].endswith("天")
                kinds["pooling"] += 1
        elif tile["overall"] == "none":
            assert tile["reason"] == ("本年未报进度" if tile["not_reported"] else "没有适用的灯")
            kinds["none"] += 1
        elif tile["lead"] and tile["lead"].startswith("-"):
            assert tile["reason"] == lag
            kinds["behind"] += 1
        elif tile["lead"] and tile["lead"] != "0.00":
            assert tile["reason"] == f"投资超前 {tile['lead']} 个百分点"
            kinds["ahead"] += 1
    assert {"progress", "pooling", "behind", "ahead"} <= kinds.keys()


@pytest.mark.parametrize("by", GROUPS)
async def test_groups_hold_their_projects_and_count_them(
    by: str, office: httpx.AsyncClient
) -> None:
    wall = await wall_of(office, (await begun(office))["id"], by)
    tiles = {tile["project_id"]: tile for tile in wall["projects"]}
    places = {project_id: place for place, project_id in enumerate(tiles)}
    expected: dict[str, set[str]] = {}
    for project_id in tiles:
        for group in GROUPS[by](PROJECTS[project_id]):
            expected.setdefault(group, set()).add(project_id)

    assert {group["id"]: set(group["project_ids"]) for group in wall["groups"]} == expected
    assert wall["overlapping"] == (by in ("level", "program"))
    for group in wall["groups"]:
        assert group["name"]
        assert [places[each] for each in group["project_ids"]] == sorted(
            places[each] for each in group["project_ids"]
        )
        own = [tiles[each] for each in group["project_ids"]]
        overall = Counter(tile["overall"] for tile in own)
        assert group["totals"]["count"] == len(own)
        assert group["totals"]["overall"] == dict.fromkeys(URGENCY, 0) | overall
        for axis, counts in group["totals"]["axes"].items():
            found = Counter(tile["axes"][axis] for tile in own)
            assert counts == {colour: found[colour] for colour in ("green", "yellow", "red")}


async def test_a_unit_sees_its_own_tiles_and_counts_no_others(
    as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    unit = as_("unit", unit_id="U02")
    assert (await unit.get(f"/v1/runs/{run['id']}/wall")).status_code == 404
    await office.post(f"/v1/runs/{run['id']}/publish")
    whole, own = await wall_of(office, run["id"]), await wall_of(unit, run["id"])

    assert own["projects"] == [x for x in whole["projects"] if x["unit_id"] == "U02"] != []
    assert own["groups"] == [group for group in whole["groups"] if group["id"] == "U02"]
    assert own["totals"] == own["groups"][0]["totals"]
    nobody = await wall_of(as_("unit"), run["id"])
    assert (nobody["projects"], nobody["groups"], nobody["totals"]["count"]) == ([], [], 0)
    assert (await as_("viewer").get(f"/v1/runs/{run['id']}/wall")).status_code == 403


async def test_a_judged_colour_stands_beside_and_counts_nothing(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    before = await wall_of(office, run["id"])
    tile = next(tile for tile in before["projects"] if tile["axes"]["progress"] == "red")
    answer = await judged(office, project_id=tile["project_id"], judged_on=DAY)
    assert answer.status_code == 201, answer.text
    after = await wall_of(office, run["id"])

    (found,) = [x for x in after["projects"] if x["project_id"] == tile["project_id"]]
    assert found["judged"]["progress"]["judged"] == answer.json()["colour"]
    assert {**found, "judged": {}} == tile
    assert after["totals"] == before["totals"]
