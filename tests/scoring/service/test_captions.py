"""Names and printed values beside ids and terms, by value, and for whom."""

from collections import Counter
from fractions import Fraction
from typing import Any

import httpx

from services.scoring.engine.figures import format_decimal
from services.scoring.schemes.scheme_files import built_in_lights, built_in_schemes
from tests.scoring.service.conftest import As, ledger
from tests.scoring.service.test_run_views import BEFORE, UNIT, by_the_rule_book
from tests.scoring.service.test_runs import DAY, all_items, begun

SCHEME = built_in_schemes()["lanxian-2022"]
UNITS = {unit["unit_id"]: unit["name"] for unit in ledger("county").tables["units"].to_pylist()}
PROJECTS = {p["project_id"]: p["name"] for p in ledger("county").tables["projects"].to_pylist()}


async def test_a_viewer_can_read_a_ranking_by_itself(as_: As, office: httpx.AsyncClient) -> None:
    run = await begun(office)
    await office.post(f"/v1/runs/{run['id']}/publish")
    ranking = (await as_("viewer").get(f"/v1/runs/{run['id']}/ranking")).json()

    assert ranking["scheme_name"] == SCHEME.zh
    for group in ranking["groups"]:
        pillars = [(each["id"], each["zh"], each["weight"]) for each in group["pillars"]]
        assert pillars == [(p.id, p.zh, f"{p.weight}.0000") for p in SCHEME.pillars]
        heads = {head["id"]: head for head in group["metrics"]}
        assert group["ranked"] == sum(unit["rank"] is not None for unit in group["units"])
        for unit in group["units"]:
            assert unit["name"] == UNITS[unit["unit_id"]]
            assert set(unit["pillars"]) == {each["id"] for each in group["pillars"]}
            assert set(unit["metrics"]) == set(heads)
        declared = {metric.id: metric for metric in SCHEME.scored_metrics}
        for name, head in heads.items():
            assert (head["zh"], head["en"]) == (declared[name].zh, declared[name].en)
            assert head["pillar"] in unit["pillars"]
    units = {head["id"]: head["unit"] for head in ranking["groups"][0]["metrics"]}
    assert units["start_rate"] == "%"
    assert units["major_projects"] is None
    assert units["central_budget_won"] == "万元"
    assert units["approval_to_production_days"] == "天"


async def test_figures_have_their_texts(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    ranking = (await office.get(f"/v1/runs/{run['id']}/ranking")).json()
    checked = Counter[str]()
    for group in ranking["groups"]:
        for unit in group["units"]:
            rate, money = unit["metrics"]["start_rate"], unit["metrics"]["investment_completion"]
            checked["rate"] += check_share(rate, 1, "")
            checked["money"] += check_share(money, 10_000, "万元")
            won = unit["metrics"]["central_budget_won"]
            assert won["text"] == f"{wan(won['numerator'])}万元"
            assert won["terms"] is None
    assert min(checked.values()) > 1


def check_share(figure: dict[str, Any], divisor: int, unit: str) -> bool:
    above, below = figure["numerator"], figure["denominator"]
    if not below:
        assert (figure["text"], figure["terms"]) == ("不适用", None)
        return False
    assert figure["text"] == f"{format_decimal(Fraction(100 * above, below), 2)}%"
    terms = f"{above}/{below}" if divisor == 1 else f"{wan(above)}/{wan(below)}万元"
    assert figure["terms"] == terms
    return True


def wan(yuan: int) -> str:
    return f"{float(format_decimal(Fraction(yuan, 10_000), 2) or 0):,.2f}"


def percent(share: str | None) -> str:
    return "—" if share is None else f"{format_decimal(Fraction(share) * 100, 2)}%"


async def test_what_stands_around_the_pillars_is_named(office: httpx.AsyncClient) -> None:
    run = await by_the_rule_book(office)
    path = f"/v1/runs/{run['id']}"
    ranking = (await office.get(f"{path}/ranking")).json()
    ranked = next(u for g in ranking["groups"] for u in g["units"] if u["unit_id"] == UNIT)
    explained = (await office.get(f"{path}/units/{UNIT}")).json()
    for found in (ranked, explained):
        assert found["grade"] == "poor"
        assert found["grade_name"] not in (None, "poor")
        assert found["missed"][0]["zh"]
        assert found["adjustments"]["zh"]
        assert found["adjustments"]["items"]["visits"]["text"] == "2"


async def test_an_explanation_names_all_that_it_tells(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    found = (await office.get(f"/v1/runs/{run['id']}/units/U01")).json()
    groups = {u["unit_id"]: u["group"] for u in ledger("county").tables["units"].to_pylist()}
    assert found["group"] == groups["U01"]
    assert {p.id: p.zh for p in SCHEME.pillars} == {n: p["zh"] for n, p in found["pillars"].items()}
    metric = found["metrics"]["investment_completion"]
    assert (metric["pillar"], metric["unit"]) == ("speed", "%")
    assert metric["words"] == "本年完成投资合计 ÷ 本年计划投资合计；范围：新建或续建"
    assert check_share(metric, 10_000, "万元")
    assert sum(check_share(row, 10_000, "万元") for row in metric["projects"]) > 0


async def test_lights_of_a_run_are_named_filtered_and_counted(
    as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    await office.post(f"/v1/runs/{run['id']}/publish")
    path = f"/v1/runs/{run['id']}/lights"
    lights = await all_items(office, path)
    for light in lights:
        assert light["project_name"] == PROJECTS[light["project_id"]]
        assert light["unit_name"] == UNITS[light["unit_id"]]
    one = (await office.get(path, params={"project_id": lights[3]["project_id"]})).json()["items"]
    assert one == [lights[3]]
    ids = [lights[5]["project_id"], lights[3]["project_id"], "P999"]
    two = (await office.get(path, params={"project_id": ids})).json()["items"]
    assert two == [lights[3], lights[5]]

    own = [light for light in lights if light["unit_id"] == UNIT]
    red = [light for light in lights if light["overall"] == "red"]
    asked = [
        (office, {}, lights),
        (office, {"overall": "red"}, red),
        (as_("unit", unit_id=UNIT), {}, own),
    ]
    for client, params, listed in asked:
        page = (await client.get(path, params={"totals": "true", "limit": 1, **params})).json()
        totals = page["totals"]
        assert totals["count"] == len(listed) > 1
        overall = Counter(light["overall"] for light in listed)
        assert {colour: n for colour, n in totals["overall"].items() if n} == overall
        for axis, counted in totals["axes"].items():
            colours = Counter(x["axes"][axis] for x in listed if x["axes"][axis])
            assert {colour: n for colour, n in counted.items() if n} == colours
    assert (await office.get(path)).json()["totals"] is None


async def test_axes_and_conditions_are_in_words(office: httpx.AsyncClient) -> None:
    run = await begun(office)
    page = (await office.get(f"/v1/runs/{run['id']}/lights", params={"overall": "red"})).json()
    axes = {axis["id"]: axis for axis in page["axes"]}
    preset = built_in_lights()["yinchuan-2025"]
    assert {axis.id: axis.zh for axis in preset.axes} == {n: a["zh"] for n, a in axes.items()}
    assert (axes["progress"]["unit"], axes["progress"]["red"]) == ("百分点", "数值 ＞ 30")
    assert axes["progress"]["words"]["red"] == "红灯"
    light = next(each for each in page["items"] if each["axes"]["progress"] == "red")
    detail = light["details"]["progress"]
    assert detail["text"] == f"投资滞后 {detail['figure']} 个百分点"
    assert detail["threshold_text"] == "数值 ＞ 30"


async def test_lights_of_days_are_named_and_counted(office: httpx.AsyncClient) -> None:
    asked = {"as_of": [DAY, BEFORE], "totals": "true"}
    found = (await office.get("/v1/lights", params=asked)).json()
    assert [axis["id"] for axis in found["axes"]] == ["start", "progress", "pooling"]
    for light in found["items"]:
        assert light["project_name"] == PROJECTS[light["project_id"]]
        assert light["unit_name"] == UNITS[light["unit_id"]]
    days = {day["as_of"]: day for day in found["totals"]}
    assert [*days] == [BEFORE, DAY]
    for as_of, totals in days.items():
        of_day = [light for light in found["items"] if light["as_of"] == as_of]
        assert totals["count"] == len(of_day) == sum(totals["overall"].values())
        red = sum(light["axes"]["progress"] == "red" for light in of_day)
        assert totals["axes"]["progress"]["red"] == red > 0
    without = (await office.get("/v1/lights", params={"as_of": DAY})).json()
    assert without["totals"] is None


async def test_moves_are_told_in_words(as_: As, office: httpx.AsyncClient) -> None:
    runs = [await begun(office, as_of=day) for day in ("2022-02-28", DAY)]
    for run in runs:
        await office.post(f"/v1/runs/{run['id']}/publish")
    path, asked = f"/v1/runs/{runs[1]['id']}/movement", {"since": runs[0]["id"]}
    found = (await office.get(path, params=asked)).json()
    moves = Counter[str]()
    for unit in found["units"]:
        assert unit["name"] == UNITS[unit["unit_id"]]
        gain = unit["ranks_gained"]
        if gain is None:
            continue
        ranks = unit["rank"] or [0, 0]
        assert gain == ranks[0] - ranks[1]
        word = f"升{gain}位" if gain > 0 else f"降{-gain}位" if gain else "名次未变"
        assert unit["move"] == word
        moves[word[0]] += 1
        if unit["total"] and None not in unit["total"]:
            before, after = map(Fraction, unit["total"])
            assert Fraction(unit["total_change"]) == after - before
            assert unit["causes"]
        for pair in unit["metrics"].values():
            assert all(each is None or each["text"] for each in pair)
    assert {"升", "降"} <= set(moves)
    assert {light["project_name"] for light in found["lights"]} <= set(PROJECTS.values())
    public = (await as_("viewer").get(path, params=asked)).json()
    assert public["units"] == found["units"]
    assert not any(name in str(public) for name in PROJECTS.values())


async def test_parts_of_a_run_are_named(office: httpx.AsyncClient) -> None:
    run = await by_the_rule_book(office)
    path = f"/v1/runs/{run['id']}"
    board = (await office.get(f"{path}/boards")).json()["items"][0]
    sides = ("red", "black", "red_beside", "black_beside")
    lines = [line for side in sides for line in board[side]]
    assert board["metric_name"] not in (None, board["metric"])
    for line in lines:
        assert line["unit_name"] == UNITS[line["unit_id"]]
        assert line["target_text"] == percent(line["target"])
        assert line["value_text"] == percent(line["value"])
    assert any(line["value"] for line in lines)
    streak = (await office.get(f"{path}/streaks")).json()["items"][0]
    assert streak["unit_name"] == UNITS[streak["unit_id"]]
    assert f"连续{len(streak['months'])}个月" in streak["text"]
    awards = (await office.get(f"{path}/awards")).json()["items"]
    candidates = [c for award in awards for c in (*award["winners"], *award["others"])]
    for each in candidates:
        assert each["unit_name"] == UNITS[each["unit_id"]]
        assert each["project_name"] == (each["project_id"] and PROJECTS[each["project_id"]])
        assert each["text"]
    light = (await office.get(f"{path}/unit-lights")).json()["items"][0]
    assert light["unit_name"] == UNITS[light["unit_id"]]
    assert all(each["zh"] and each["threshold_text"] for each in light["details"].values())
