"""Lights of units: a metric against target and average of all, and months missed in a row."""

from collections.abc import Mapping
from fractions import Fraction as F

import pytest

from services.scoring.engine.lights.unit_lights import UnitLight, UnitTargets
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import built_in_lights
from shared.facts.tables import Facts
from tests.builders import (
    Row,
    a_ledger,
    a_milestone,
    a_plan,
    a_project,
    a_report,
    a_unit,
)
from tests.dates import day
from tests.scoring.engine.ranked_units import entered
from tests.scoring.engine.result_documents import LANXIAN

SANYA, TIANJIN = built_in_lights()["sanya-2022"], built_in_lights()["tianjin-2022"]


def unit_lights(
    preset: Lights, facts: Facts, on: str, targets: UnitTargets | None = None
) -> dict[str, UnitLight]:
    found = score_facts(facts, LANXIAN, preset, day(on), entered(targets or {}))
    return {light.unit_id: light for light in found.supplements.unit_lights}


def of_unit(preset: Lights, facts: Facts, *days: str) -> dict[str, str | None]:
    """Day → the colour of unit U01; None where the axis does not apply."""
    found = {on: unit_lights(preset, facts, on) for on in days}
    return {on: of["U01"].colour if "U01" in of else None for on, of in found.items()}


# --- 三亚: the task of a month, missed once, twice in a row


def monthly(*done: int) -> Facts:
    """A unit with a task of 10 a month, and what it had done in total at the month ends."""
    ends = ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30")
    reports = [a_report(f"2022-{end}", ytd) for end, ytd in zip(ends, done, strict=False)]
    return a_ledger(projects=[a_project()], plans=[a_plan(120)], progress=reports)


def test_sanya_a_month_missed_is_yellow_two_in_a_row_are_red() -> None:
    expected = {
        "Sunday 2022-01-30": None,  # no month has ended
        "Monday 2022-01-31": "green",  # 10 of 10
        "Monday 2022-02-28": "yellow",  # 9 of 10
        "Wednesday 2022-03-30": "yellow",
        "Thursday 2022-03-31": "green",  # 10 of 10
        "Saturday 2022-04-30": "yellow",
        "Monday 2022-05-30": "yellow",
        "Tuesday 2022-05-31": "red",
        "Thursday 2022-06-30": "green",
    }
    facts = monthly(10, 19, 29, 38, 47, 60)
    assert of_unit(SANYA, facts, *expected) == expected


def test_sanya_counts_from_the_last_month_end_back() -> None:
    facts = monthly(10, 10, 10, 10, 10, 10)
    missed = unit_lights(SANYA, facts, "Thursday 2022-06-30")["U01"].values["months_missed"]
    assert missed == 5
    facts = monthly(10, 19, 29, 38, 47, 60)
    assert unit_lights(SANYA, facts, "Thursday 2022-06-30")["U01"].values["months_missed"] == 0


def test_sanya_carries_the_months_missed_over_the_turn_of_the_year() -> None:
    # Half of last year's months were missed; this year's January is done, February is not.
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(120, year=2021), a_plan(120)],
        progress=[a_report(f"2021-{m:02}-28", 10 * min(m, 6)) for m in range(1, 13)]
        + [a_report("2022-01-20", 10)],
    )
    expected = {
        "Friday 2021-07-30": "green",
        "Saturday 2021-07-31": "yellow",
        "Tuesday 2021-08-31": "red",
        "Friday 2021-12-31": "red",
        "Saturday 2022-01-01": "red",  # the last month end is December's
        "Sunday 2022-01-30": "red",
        "Monday 2022-01-31": "green",
        "Monday 2022-02-28": "yellow",
    }
    assert of_unit(SANYA, facts, *expected) == expected


@pytest.mark.parametrize("since", [False, True])
def test_months_missed_are_those_of_a_year_whatever_else_is_asked(since: bool) -> None:
    years = (2020, 2021, 2022)
    facts = a_ledger(projects=[a_project()], plans=[a_plan(120, year=year) for year in years])
    plain = SANYA.model_copy(update={"detailed": False})
    found = score_facts(facts, LANXIAN, plain, day("Thursday 2022-06-30"), since=since)
    (light,) = found.supplements.unit_lights
    assert light.values["months_missed"] == 12


def test_sanya_adds_a_units_projects() -> None:
    def ledger(done: int) -> Facts:
        return a_ledger(
            projects=[a_project("P1"), a_project("P2"), a_project("P3", nature="reserve")],
            plans=[a_plan(120, "P1"), a_plan(240, "P2"), a_plan(999, "P3")],
            progress=[a_report("2022-01-31", 30, "P1"), a_report("2022-01-31", done, "P2")],
        )

    on = "Monday 2022-01-31"
    assert [of_unit(SANYA, ledger(done), on)[on] for done in (0, -1)] == ["green", "yellow"]


# --- 天津: growth on last year's same day, against the own plan and the average of all


def growing(**this_year: int | None) -> Facts:
    """Units whose pooled projects had done 100 by last year's 30 June, and so much by this year's.

    What was reported a day later last year does not count.
    """
    units = [*this_year]
    reports = [a_report("2021-06-30", 100, f"P-{unit}") for unit in units]
    reports += [a_report("2021-07-01", 900, f"P-{unit}") for unit in units]
    reports += [a_report("2022-06-30", done, f"P-{unit}") for unit, done in this_year.items()]
    return a_ledger(
        units=[a_unit(unit) for unit in units],
        projects=[a_project(f"P-{unit}", unit_id=unit) for unit in units],
        milestones=[a_milestone("pooled", f"P-{unit}", actual_on="2021-01-05") for unit in units],
        progress=reports,
    )


@pytest.mark.parametrize(
    ("done", "target", "expected"),
    [
        (112, F(12, 100), "green"),  # exactly the plan, and the average of both is 11 %
        (112, F(121, 1000), "yellow"),  # below its plan
        (110, F(1, 100), "green"),  # exactly the average
        (109, F(1, 100), "yellow"),  # the average is 9.5 %, but with the other at 10 below it
        (112, None, "green"),  # without a plan only the average counts
        (100, None, "yellow"),  # no growth, below the average of 5 %
        (99, F(-5, 100), "red"),
    ],
)
def test_tianjin_growth(done: int, target: F | None, expected: str) -> None:
    targets: UnitTargets = {}
    if target is not None:
        targets = {"U01": {"investment_growth_on_last_year": target}}
    found = unit_lights(TIANJIN, growing(U01=done, U02=110), "Thursday 2022-06-30", targets)
    assert found["U01"].colour == expected
    assert found["U01"].values == {
        "figure": F(done - 100, 100),
        "target": target,
        "average": F(done + 110 - 200, 200),
    }


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, "green"),
        (F(0), "green"),  # exactly the plan, and above the average of both, which is −5 %
        (F(1, 100), "yellow"),  # below its plan
    ],
)
def test_tianjin_no_growth_is_green_where_it_is_plan_and_average(
    target: F | None, expected: str
) -> None:
    targets: UnitTargets = {}
    if target is not None:
        targets = {"U01": {"investment_growth_on_last_year": target}}
    found = unit_lights(TIANJIN, growing(U01=100, U02=90), "Thursday 2022-06-30", targets)
    assert found["U01"].colour == expected


def test_tianjin_looks_at_pooled_projects_alone() -> None:
    given = growing(U01=120, U02=110)
    beside = a_project("P-beside")  # grew tenfold, but is not pooled
    reports = [a_report("2021-06-30", 100, "P-beside"), a_report("2022-06-30", 1000, "P-beside")]
    facts = a_ledger(
        **{table: rows.to_pylist() for table, rows in given.tables.items()}
        | {
            "projects": [*given.tables["projects"].to_pylist(), beside],
            "progress": [*given.tables["progress"].to_pylist(), *reports],
        }
    )
    found = unit_lights(TIANJIN, facts, "Thursday 2022-06-30")
    assert found["U01"].values["figure"] == F(20, 100)


def test_tianjin_needs_a_last_year_and_a_pooled_project() -> None:
    facts = growing(U01=None, U02=150)
    found = unit_lights(TIANJIN, facts, "Thursday 2022-06-30")
    assert found["U01"].colour == "red"  # nothing reported is nothing done: −100 %
    first = a_ledger(projects=[a_project()], progress=[a_report("2022-06-30", 9)])
    assert unit_lights(TIANJIN, first, "Thursday 2022-06-30") == {}


def test_last_years_day_of_a_29_february_is_the_28th() -> None:
    reports = [
        a_report("2023-02-28", 100),
        a_report("2023-03-01", 500),
        a_report("2024-02-29", 130),
    ]
    facts = a_ledger(
        projects=[a_project()],
        milestones=[a_milestone("pooled", actual_on="2022-01-05")],
        progress=reports,
    )
    found = unit_lights(TIANJIN, facts, "Thursday 2024-02-29")
    assert found["U01"].values["figure"] == F(30, 100)


def test_a_unit_without_a_live_project_has_no_light() -> None:
    facts = a_ledger(
        units=[a_unit("U01"), a_unit("U02")],
        projects=[a_project()],
        plans=[a_plan(120)],
        milestones=[a_milestone("terminated", actual_on="2022-02-01")],
    )
    assert of_unit(SANYA, facts, "Monday 2022-01-31", "Tuesday 2022-02-01") == {
        "Monday 2022-01-31": "yellow",
        "Tuesday 2022-02-01": None,
    }


# --- an axis of one's own: what figure, target and average are


def own(metric: str, **texts: str) -> Lights:
    usual = {"applies": "known(figure)", "yellow": "figure < target", "red": "figure < average"}
    axis = {"id": "own", "zh": "自", "subject": "unit", "metric": metric, **usual, **texts}
    return Lights.model_validate({"id": "own", "zh": "自", "source": "测试", "axes": [axis]})


TWO: Mapping[str, list[Row]] = {
    "units": [a_unit("U01"), a_unit("U02"), a_unit("U03")],
    "projects": [a_project("P1"), a_project("P2"), a_project("P3", unit_id="U02")],
    "milestones": [a_milestone("started", "P1", actual_on="2022-03-01")],
    "plans": [a_plan(100, "P1"), a_plan(100, "P3")],
    "progress": [a_report("2022-06-30", 60, "P1"), a_report("2022-06-30", 20, "P3")],
}


@pytest.mark.parametrize(
    ("metric", "figures", "average"),
    [
        ("start_rate", {"U01": F(1, 2), "U02": F(0)}, F(1, 3)),  # 1 of 3 projects
        ("starts", {"U01": F(1), "U02": F(0)}, F(1, 2)),  # a mean of the live units
        ("lead", {"U01": F(10), "U02": F(-30)}, F(-10)),  # in points
        ("investment_contribution", {"U01": None, "U02": None}, None),
    ],
)
def test_figures_and_averages(metric: str, figures: dict[str, F | None], average: F | None) -> None:
    preset = own(metric, applies="known(figure) or not known(figure)")
    found = unit_lights(preset, a_ledger(**TWO), "Thursday 2022-06-30")
    assert {unit: light.values["figure"] for unit, light in found.items()} == figures
    assert {light.values["average"] for light in found.values()} == {average}


def test_the_average_of_shares_of_all_is_their_mean() -> None:
    tables = {
        **TWO,
        "milestones": [a_milestone("pooled", p, actual_on="2022-01-05") for p in ("P1", "P3")],
    }
    found = unit_lights(own("investment_contribution"), a_ledger(**tables), "Thursday 2022-06-30")
    assert {unit: light.values["figure"] for unit, light in found.items()} == {
        "U01": F(3, 4),
        "U02": F(1, 4),
    }
    assert found["U01"].values["average"] == F(1, 2)
