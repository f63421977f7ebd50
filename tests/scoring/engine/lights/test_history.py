"""What moved between two documents, and colours that people judge beside computed ones."""

from datetime import date
from typing import Any

import pytest

from services.scoring.engine.lights.history import movement_document
from services.scoring.engine.lights.office_judgements import (
    Judgement,
    JudgementMistake,
    judged_colours,
)
from services.scoring.engine.lights.project_lights import ProjectLight
from services.scoring.engine.results.run_result import result_document
from services.scoring.schemes.scheme_files import built_in_lights
from tests.builders import a_ledger, a_milestone, a_plan, a_project, a_report, a_unit
from tests.scoring.engine.lights.preset_lights import lights
from tests.scoring.engine.ranked_units import a_scheme, done, result_on

NAMES = {unit: unit for unit in "ABC"}
COURSE = done(
    {
        "2022-05-31": {"A": 60, "B": 50, "C": 10},
        "2022-06-30": {"A": 60, "B": 70, "C": 10},
    }
)


def told(on: str) -> dict[str, Any]:
    return result_document(result_on(COURSE, a_scheme(""), on), NAMES)


def test_who_moved_because_of_which_terms_and_which_lights_changed() -> None:
    before, after = told("Tuesday 2022-05-31"), told("Thursday 2022-06-30")
    moved = movement_document(before, after)
    assert moved["from"] == {
        "as_of": "2022-05-31",
        "scheme": "mine",
        "lights_preset": "yinchuan-2025",
    }
    assert moved["to"]["as_of"] == "2022-06-30"
    completion = "investment_completion"
    assert moved["units"] == [
        {
            "unit_id": "A",
            "rank": [1, 2],
            "metrics": {
                completion: [
                    {"numerator": 60, "denominator": 100, "points": "60.0000", "rank": 1},
                    {"numerator": 60, "denominator": 100, "points": "60.0000", "rank": 2},
                ]
            },
        },
        {
            "unit_id": "B",
            "rank": [2, 1],
            "total": ["50.00", "70.00"],
            "metrics": {
                completion: [
                    {"numerator": 50, "denominator": 100, "points": "50.0000", "rank": 2},
                    {"numerator": 70, "denominator": 100, "points": "70.0000", "rank": 1},
                ]
            },
        },
    ]
    # C fell from 31.67 points behind to 40: red both times. A and B stayed green.
    assert moved["lights"] == []
    assert moved["unit_lights"] == []


def test_lights_that_changed_came_or_went() -> None:
    facts = a_ledger(
        units=[a_unit("A")],
        projects=[a_project("P1", unit_id="A"), a_project("P2", unit_id="A")],
        plans=[a_plan(120, "P1"), a_plan(120, "P2")],
        milestones=[a_milestone("terminated", "P2", actual_on="2022-03-01")],
        progress=[a_report("2022-01-31", 10, "P1")],
    )
    yinchuan = a_scheme("")
    sanya = yinchuan.model_copy(update={"lights": "sanya-2022"})
    before, after = (
        result_document(result_on(facts, yinchuan, on), NAMES)
        for on in ("Monday 2022-01-31", "Thursday 2022-03-31")
    )
    assert movement_document(before, after)["lights"] == [
        {
            "project_id": "P1",
            "overall": ["green", "yellow"],
            "axes": {"progress": ["green", "yellow"]},
        },
        {
            "project_id": "P2",
            "overall": ["green", None],
            "axes": {"progress": ["green", None]},
        },
    ]
    before, after = (
        result_document(result_on(facts, sanya, on), NAMES)
        for on in ("Monday 2022-01-31", "Thursday 2022-03-31")
    )
    assert movement_document(before, after)["unit_lights"] == [
        {"unit_id": "A", "overall": ["yellow", "red"], "axes": {"task": ["yellow", "red"]}}
    ]


def test_nothing_moves_between_a_document_and_itself() -> None:
    same = told("Thursday 2022-06-30")
    moved = movement_document(same, same)
    assert (moved["units"], moved["lights"], moved["unit_lights"]) == ([], [], [])


# --- judged colours


def a_judgement(on: str, colour: Any = "green", **given: Any) -> Judgement:
    usual = {"project_id": "P001", "axis": "progress", "reason": "汛期影响", "judged_by": "王科长"}
    return Judgement(colour=colour, judged_on=date.fromisoformat(on), **{**usual, **given})


ON = "Thursday 2022-06-30"
DAY = date(2022, 6, 30)


def computed() -> list[ProjectLight]:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100)])
    return [*lights(built_in_lights()["yinchuan-2025"], facts, [ON])[ON].values()]


def test_a_judged_colour_stands_beside_the_computed_one() -> None:
    light = computed()
    judgements = [a_judgement("2022-06-30", axis=axis) for axis in ("progress", "overall")]
    found = judged_colours(light, judgements, DAY)
    beside = {
        "computed": "red",
        "judged": "green",
        "reason": "汛期影响",
        "judged_by": "王科长",
        "judged_on": "2022-06-30",
    }
    assert found == {"P001": {"overall": beside, "progress": beside}}
    assert light == computed()  # which it did not touch


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        ([a_judgement("2022-07-01")], None),  # not judged yet
        ([a_judgement("2022-06-01"), a_judgement("2022-06-20", "yellow")], "yellow"),
        ([a_judgement("2022-06-20", "yellow"), a_judgement("2022-06-01")], "yellow"),
        ([a_judgement("2022-06-20"), a_judgement("2022-06-20", "yellow")], "yellow"),
        ([a_judgement("2022-06-01"), a_judgement("2022-06-20", None)], None),  # taken back
        ([a_judgement("2022-06-01", project_id="P999")], None),
    ],
)
def test_the_latest_judgement_up_to_the_day_stands(
    judgements: list[Judgement], expected: str | None
) -> None:
    found = judged_colours(computed(), judgements, DAY)
    assert found.get("P001", {}).get("progress", {}).get("judged") == expected


def test_an_axis_that_does_not_apply_has_none_beside_it() -> None:
    found = judged_colours(computed(), [a_judgement("2022-06-01", axis="start")], DAY)
    assert found["P001"]["start"]["computed"] is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"reason": " "}, "理由"),
        ({"judged_by": ""}, "判定人"),
        ({"reason": "", "judged_by": ""}, "理由、判定人"),
    ],
)
def test_a_judgement_without_a_reason_or_a_name_is_a_mistake(
    given: dict[str, str], missing: str
) -> None:
    with pytest.raises(JudgementMistake, match=f"^判定有误：P001 progress：要写明{missing}$"):
        a_judgement("2022-06-01", **given)
