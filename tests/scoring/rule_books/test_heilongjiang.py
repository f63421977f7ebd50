"""黑龙江 2021 worked by hand: each of the four targets just met and just missed; praise; ranks."""

from datetime import date
from fractions import Fraction as F

import pytest

from services.scoring.schemes.scheme_files import find_scheme
from shared.facts.tables import Facts
from tests.builders import Row, a_fund, a_ledger, a_milestone, a_plan, a_project, a_report, a_unit
from tests.scoring.engine.result_documents import document_of, result_of

BOOK = find_scheme("heilongjiang-2021")
DAY = date(2021, 9, 10)  # the last day of the campaign, a Friday


def a_city(
    unit: str, started: int = 9, done: int = 80, arrived: int = 80, finished: str | None = "09-10"
) -> dict[str, list[Row]]:
    """Ten new projects of a city, `started` of them; a plan of 100 with `done`; a contract of 100
    with `arrived`; one that should be finished by 10 September, and was on `finished`."""
    projects = [f"{unit}-{n}" for n in range(10)]
    first = projects[0]
    given = {"is_attracted": True, "contract_yuan": 100}
    ends = {"planned_on": "2021-09-10", "actual_on": finished and f"2021-{finished}"}
    return {
        "units": [a_unit(unit, group="cities")],
        "projects": [a_project(p, unit_id=unit, **(given if p == first else {})) for p in projects],
        "plans": [a_plan(100, first, year=2021)],
        "progress": [a_report("2021-09-10", done, first)],
        "milestones": [
            a_milestone("signed", first, actual_on="2021-01-05"),
            a_milestone("completed", first, **ends),
            *(a_milestone("started", p, actual_on="2021-06-01") for p in projects[:started]),
        ],
        "funds": [
            a_fund(arrived, project_id=first, source="attracted", event="arrived", on="2021-08-01")
        ],
    }


def together(*cities: dict[str, list[Row]]) -> Facts:
    return a_ledger(
        **{table: [row for city in cities for row in city[table]] for table in cities[0]}
    )


@pytest.mark.parametrize(
    ("missed", "met", "grade"),
    [
        ({}, 4, "praised"),  # 9 of 10, 80 of 100, 80 of 100, 1 of 1: each exactly on target
        ({"started": 8}, 3, "not_praised"),  # 0.8
        ({"done": 79}, 3, "not_praised"),
        ({"arrived": 79}, 3, "not_praised"),
        ({"finished": "09-11"}, 3, "not_praised"),  # a day late; and not yet known on the day
        ({"finished": None}, 3, "not_praised"),
        ({"started": 8, "done": 0}, 2, "not_praised"),
        ({"started": 0, "done": 0, "arrived": 0, "finished": None}, 0, "not_praised"),
    ],
)
def test_each_target_is_met_at_its_figure_and_missed_below(
    missed: dict[str, int | str | None], met: int, grade: str
) -> None:
    (unit,) = result_of(together(a_city("U1", **missed)), DAY, BOOK).groups["cities"]  # type: ignore[arg-type]
    assert unit.total == 25 * met
    assert unit.grade == grade


def many(started: int = 1000, done: int = 80, finished: int = 1000) -> Facts:
    """A thousand new projects that should be finished by the day, so many begun and finished."""
    names = [f"P{n:04}" for n in range(1000)]
    ends = [
        a_milestone(
            "completed", name, planned_on="2021-09-01", actual_on="2021-09-01" if at else None
        )
        for name, at in zip(names, [True] * finished + [False] * (1000 - finished), strict=True)
    ]
    return a_ledger(
        projects=[a_project(name) for name in names],
        milestones=[
            *ends,
            *(a_milestone("started", name, actual_on="2021-06-01") for name in names[:started]),
        ],
        plans=[a_plan(100_000, names[0], year=2021)],
        progress=[a_report("2021-09-10", done * 1000, names[0])],
    )


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        (many(started=900), 3),
        (many(started=899), 2),
        (many(finished=1000), 3),
        (many(finished=999), 2),
    ],
)
def test_a_thousandth_below_a_target_is_missed(facts: Facts, met: int) -> None:
    (unit,) = result_of(facts, DAY, BOOK).groups["departments"]
    assert len(unit.metrics) == 3  # nothing was attracted
    assert unit.total == (100 if met == 3 else 67)
    assert unit.grade == ("praised" if met == 3 else "not_praised")


@pytest.mark.parametrize(
    ("planned", "decided", "finished", "terms"),
    [
        ("2021-09-09", None, "2021-09-09", (1, 1)),
        ("2021-09-09", None, "2021-09-10", (0, 1)),  # a day late
        ("2021-09-11", None, None, (0, 0)),  # not yet due
        ("2021-09-11", None, "2021-09-10", (0, 0)),  # early: counts when it is due
        ("2021-01-01", None, "2021-01-01", (1, 1)),
        ("2020-12-31", None, None, (0, 0)),  # of last year's
        ("2021-09-10", "2021-09-10", "2021-09-10", (1, 1)),  # by the date in force
        ("2021-09-10", "2021-09-11", "2021-09-10", (0, 1)),  # which was moved later: late by June's
        ("2021-12-31", "2021-09-10", None, (0, 0)),  # moved beyond the day in time
    ],
)
def test_finished_on_time(
    planned: str, decided: str | None, finished: str | None, terms: tuple[int, int]
) -> None:
    ends = [a_milestone("completed", planned_on=planned, actual_on=finished)]
    if decided:
        ends = [
            a_milestone("completed", planned_on="2021-06-30", actual_on=finished),
            a_milestone("completed", planned_on=planned, decided_on=decided),
        ]
    found = result_of(a_ledger(projects=[a_project()], milestones=ends), DAY, BOOK)
    assert found.terms["U01"].of_metric["finished_on_time"] == terms


@pytest.mark.parametrize(
    ("nature", "terms"),
    [("new", (0, 1)), ("continuing", (0, 1)), ("preliminary", (0, 0)), ("reserve", (0, 0))],
)
def test_whose_finish_counts(nature: str, terms: tuple[int, int]) -> None:
    ends = a_milestone("completed", planned_on="2021-09-01")
    facts = a_ledger(projects=[a_project(nature=nature)], milestones=[ends])
    found = result_of(facts, DAY, BOOK)
    assert found.terms["U01"].of_metric["finished_on_time"] == terms


def test_a_target_that_does_not_apply_is_not_missed() -> None:
    # Only the start rate applies: 1 of 1.
    facts = a_ledger(
        projects=[a_project()], milestones=[a_milestone("started", actual_on="2021-06-01")]
    )
    (unit,) = result_of(facts, DAY, BOOK).groups["departments"]
    assert (unit.total, unit.grade) == (F(100), "praised")
    assert list(unit.metrics) == ["start_rate"]


def test_cities_are_ranked_by_targets_met_then_by_rates() -> None:
    facts = together(
        a_city("U1", started=8),  # three met
        a_city("U2", done=79),  # three met, with the better start rate
        a_city("U3", done=78),  # as U2, with less completed
        a_city("U4"),
        a_city("U5", done=79),  # as U2 in everything
    )
    document = document_of(facts, DAY, BOOK)
    (group,) = document["groups"]
    assert [(u["unit_id"], u["rank"], u["total"], u["grade"]) for u in group["units"]] == [
        ("U4", 1, "100", "praised"),
        ("U2", 2, "75", "not_praised"),
        ("U5", 2, "75", "not_praised"),
        ("U3", 3, "75", "not_praised"),
        ("U1", 4, "75", "not_praised"),
    ]
    parted = {unit["unit_id"]: unit["parted_by"] for unit in group["units"]}
    assert parted["U4"] == []
    assert parted["U1"] == ["start_rate"]
    assert parted["U2"] == parted["U3"] == ["start_rate", "investment_completion"]


def test_cities_with_equal_starts_and_completion_go_by_funds_and_then_by_what_was_finished() -> (
    None
):
    half = a_city("U3", finished=None)
    on_time = a_milestone(
        "completed", "U3-1", planned_on="2021-08-01", actual_on="2021-08-01"
    )  # one of its two
    facts = together(
        a_city("U1", done=79, arrived=80),
        a_city("U2", done=79, arrived=81),
        {**half, "milestones": [*half["milestones"], on_time]},
        a_city("U4", finished=None),
    )
    units = document_of(facts, DAY, BOOK)["groups"][0]["units"]
    assert [(u["unit_id"], u["rank"], u["total"], u["parted_by"][-1]) for u in units] == [
        ("U3", 1, "75", "finished_on_time"),  # the better completion goes before funds
        ("U4", 2, "75", "finished_on_time"),
        ("U2", 3, "75", "fund_arrival"),
        ("U1", 4, "75", "fund_arrival"),
    ]
