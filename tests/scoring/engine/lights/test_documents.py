"""What a light carries: figure, threshold, word, since when; time progress by a common curve."""

from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.lights.documents import OVERALL
from services.scoring.engine.lights.history import (
    ColourSince,
    find_colour_since,
    find_colours_since,
    latest_month_ends,
)
from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import contributions_by_metric, score_facts
from services.scoring.schemes.scheme_files import built_in_lights, parse_document
from shared.facts.tables import Facts
from tests.builders import a_curve, a_fund, a_ledger, a_plan, a_project, a_report
from tests.dates import day
from tests.scoring.engine.lights.preset_lights import axis, lights
from tests.scoring.engine.result_documents import LANXIAN

NAMES = {"U01": "单位"}


def printed(preset: Lights, facts: Facts, on: str, scheme: Scheme = LANXIAN) -> dict[str, Any]:
    return result_document(score_facts(facts, scheme, preset, day(on)), NAMES)


# --- since when: a pure function over a sequence of colours


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        ("r", ColourSince(date(2022, 6, 15), or_earlier=True)),
        ("rr", ColourSince(date(2022, 5, 31), or_earlier=True)),
        ("rg", ColourSince(date(2022, 6, 15), or_earlier=False)),
        ("rrg", ColourSince(date(2022, 5, 31), or_earlier=False)),
        ("rrgr", ColourSince(date(2022, 5, 31), or_earlier=False)),  # an earlier red is another one
        ("rr-", ColourSince(date(2022, 5, 31), or_earlier=False)),  # there was no light before
        ("rrrr", ColourSince(date(2022, 3, 31), or_earlier=True)),
    ],
)
def test_since_the_earliest_day_without_a_change(colours: str, expected: ColourSince) -> None:
    days = [date(2022, 6, 15), *latest_month_ends(date(2022, 6, 15), 3)]
    words = {"r": "red", "g": "green", "-": None}
    asked = [(on, words[letter]) for on, letter in zip(days, colours, strict=False)]
    assert find_colour_since(asked) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Thursday 2022-06-30", ["2022-06-30", "2022-05-31", "2022-04-30"]),
        ("Wednesday 2022-06-29", ["2022-05-31", "2022-04-30", "2022-03-31"]),
        ("Friday 2024-03-01", ["2024-02-29", "2024-01-31", "2023-12-31"]),
    ],
)
def test_the_latest_month_ends(on: str, expected: list[str]) -> None:
    assert [end.isoformat() for end in latest_month_ends(day(on), 3)] == expected


def test_what_has_no_colour_has_no_since() -> None:
    on = date(2022, 6, 30)
    assert find_colours_since(on, {"P1": {"a": None, OVERALL: "none"}}, []) == {"P1": {}}


# --- in a document


def test_a_detailed_preset_tells_figure_threshold_word_and_since_when() -> None:
    # 20 a month are due; 16 are 0.8 in January, 30 are 0.75 in February, 30 are a half in March.
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(240)],
        progress=[a_report("2022-01-31", 16), a_report("2022-02-28", 30)],
    )
    wuhan = built_in_lights()["wuhan"]
    found = {
        on: printed(wuhan, facts, on)["lights"][0]
        for on in ("Monday 2022-01-31", "Sunday 2022-03-27", "Thursday 2022-03-31")
    }
    assert found["Monday 2022-01-31"]["details"]["progress"] == {
        "word": "绿灯",
        "figure": "0.8000",
        "threshold": "figure < 0.8",
        "since": "2022-01-31",
    }
    on = "Thursday 2022-03-31"
    assert found[on] == {
        "project_id": "P001",
        "overall": "red",
        "axes": {"progress": "red"},
        "completion": "0.1250",
        "time_progress": "0.2500",
        "lead": "-12.50",
        "not_reported": False,
        "basis": "linear",
        "since": "2022-03-31",
        "details": {
            "progress": {
                "word": "红灯",
                "figure": "0.5000",
                "threshold": "figure < 0.6",
                "since": "2022-03-31",
            }
        },
    }
    # Within March it is red from the day that the ratio falls below 0.6, which no month end saw.
    assert found["Sunday 2022-03-27"]["since"] == "2022-03-27"


def test_a_light_older_than_a_year_of_month_ends_says_so() -> None:
    bond = a_fund(6, event="arrived", on="2020-01-10", source="special_bond", project_id="P001")
    facts = a_ledger(projects=[a_project()], funds=[bond])
    on = "Thursday 2022-06-30"
    (light,) = printed(built_in_lights()["tianjin-2022"], facts, on)["lights"]
    assert light["details"]["funds"] == {
        "word": "红灯",
        "figure": "100.00",
        "threshold": "figure > 30",
        "since": "2021-07-31",
        "or_earlier": True,
    }


def test_a_unit_light_tells_what_it_was_held_against() -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(120)],
        progress=[a_report("2022-01-31", 10), a_report("2022-02-28", 19)],
    )
    (light,) = printed(built_in_lights()["sanya-2022"], facts, "Thursday 2022-04-28")["unit_lights"]
    assert light == {
        "unit_id": "U01",
        "overall": "red",
        "axes": {"task": "red"},
        "details": {
            "task": {
                "word": "红灯",
                "figure": "0.0000",
                "target": None,
                "average": "0.0000",
                "months_missed": "2",
                "threshold": "months_missed >= 2",
                "since": "2022-03-31",
            }
        },
    }


def test_words_of_an_offices_own() -> None:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(120)])
    found = printed(built_in_lights()["xinhuang-2015"], facts, "Monday 2022-01-31")
    assert found["lights"][0]["details"]["month_task"]["word"] == "黄牌"


def test_yinchuan_keeps_its_document_and_has_figures_for_those_who_ask() -> None:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(120)])
    yinchuan, on = built_in_lights()["yinchuan-2025"], "Thursday 2022-06-30"
    result = score_facts(facts, LANXIAN, yinchuan, day(on), since=True)
    assert result_document(result, NAMES).keys() == {
        "as_of",
        "scheme",
        "lights_preset",
        "groups",
        "lights",
    }
    assert [*result_document(result, NAMES)["lights"][0]][-1] == "not_reported"
    assert result.lights[0].figure("progress") == 50
    assert result.supplements.lights_since["P001"] == {
        "progress": ColourSince(date(2022, 4, 30), or_earlier=False),  # 33.3 points; in March 25
        OVERALL: ColourSince(date(2022, 4, 30), or_earlier=False),
    }


# --- a curve for everyone


HUIDONG = """
id: huidong-2022
zh: 惠东 2022
source: 惠东县（2022）
curve: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2]
axes:
  - {id: progress, zh: 进度, applies: in_campaign and plan > 0,
     figure: {numerator: due_parts - done_parts, denominator: plan_parts, measure: points},
     yellow: figure >= 10, red: figure > 30}
  - {id: month_task, zh: 月度任务, applies: months_ended > 0,
     figure: {numerator: month_done_parts, denominator: month_task_parts},
     yellow: figure < 1, red: figure < 0.5}
"""
CURVE = parse_document(HUIDONG, Lights, "huidong.yaml")
LED_BY_IT = Scheme.model_validate(
    LANXIAN.model_dump()
    | {
        "pillars": [
            {
                "id": "speed",
                "zh": "比速度",
                "weight": 100,
                "metrics": [
                    {"id": metric, "points": {"rule": "best_ratio"}}
                    for metric in ("time_progress", "lead")
                ],
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        ("Monday 2022-01-31", F(10, 100)),
        ("Saturday 2022-01-01", F(1, 310)),
        ("Thursday 2022-06-30", F(60, 100)),
        ("Friday 2022-07-15", F(60, 100) + F(15, 310)),
        ("Saturday 2022-12-31", F(120, 100)),
    ],
)
def test_a_common_curve_is_everybodys(on: str, due: F) -> None:
    own = a_curve(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100)
    facts = a_ledger(
        projects=[a_project("P1"), a_project("P2"), a_project("P3")],
        plans=[a_plan(310, "P1"), a_plan(100, "P2", **own)],
    )
    found = lights(CURVE, facts, [on])[on]
    assert {light.time_progress for light in found.values()} == {due}
    assert {light.basis for light in found.values()} == {"common_curve"}
    assert found["P1"].figure("progress") == found["P2"].figure("progress") == 100 * due
    # The same in a unit's terms and in the rows behind them.
    result = score_facts(facts, LED_BY_IT, CURVE, day(on))
    numerator, denominator = result.terms["U01"].of_metric["time_progress"]
    assert denominator is not None
    assert F(numerator, denominator) == due
    for metric, rows in contributions_by_metric(
        LED_BY_IT.scored_metrics, facts, LED_BY_IT, day(on), CURVE
    ):
        sums = sum(row.numerator for row in rows), sum(row.denominator for row in rows)
        assert sums == result.terms["U01"].of_metric[metric.id]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (50_000_001, "green"),
        (50_000_000, "yellow"),
        (30_000_000, "yellow"),
        (29_999_999, "red"),
    ],
)
def test_thresholds_on_a_common_curve_to_the_yuan(done: int, expected: str) -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(100_000_000)],
        progress=[a_report("2022-06-30", done)],
    )
    table = {"Thursday 2022-06-30": expected}  # 60 million are due
    assert axis(CURVE, "progress", table, facts) == table


def test_the_months_task_on_a_common_curve() -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(100)],
        progress=[a_report("2022-01-31", 10), a_report("2022-02-28", 15)],
    )
    table = {
        "Sunday 2022-01-30": None,
        "Monday 2022-01-31": "green",
        "Monday 2022-02-28": "yellow",  # 5 of 10
        "Thursday 2022-03-31": "red",
    }
    assert axis(CURVE, "month_task", table, facts) == table


def test_the_basis_is_printed_with_a_curve_and_with_details() -> None:
    own = a_curve(*range(10, 130, 10))
    facts = a_ledger(
        projects=[a_project("P1"), a_project("P2")],
        plans=[a_plan(120, "P1", **own), a_plan(120, "P2")],
    )
    on = "Thursday 2022-06-30"
    bases = [light["basis"] for light in printed(built_in_lights()["wuhan"], facts, on)["lights"]]
    assert bases == ["own_curve", "linear"]
    bases = [light["basis"] for light in printed(CURVE, facts, on)["lights"]]
    assert bases == ["common_curve", "common_curve"]
    assert "basis" not in printed(built_in_lights()["yinchuan-2025"], facts, on)["lights"][0]
