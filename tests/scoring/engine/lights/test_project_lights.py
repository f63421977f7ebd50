"""The lights of yinchuan-2025 as tables of dates: each axis on both sides of each boundary."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from services.scoring.engine.lights.project_lights import ProjectLight
from services.scoring.execution.run import lights_by_day
from services.scoring.schemes.scheme_files import built_in_lights
from shared.facts.tables import Facts
from tests.builders import a_curve, a_ledger, a_milestone, a_pause, a_plan, a_project, a_report
from tests.scoring.engine.result_documents import LANXIAN

YINCHUAN = built_in_lights()["yinchuan-2025"]
MILLION = 1_000_000


def lights(facts: Facts, *days: str) -> dict[str, dict[str, ProjectLight]]:
    """Day → project → its light."""
    asked = [date.fromisoformat(day) for day in days]
    found = lights_by_day(facts, LANXIAN, YINCHUAN, asked)
    return {day.isoformat(): {light.project_id: light for light in of} for day, of in found}


def axis(name: str, table: Mapping[str, Any], facts: Facts) -> dict[str, str | None]:
    """The axis of P001 on every day of a table."""
    found = lights(facts, *table)
    return {day: of["P001"].axes[name] if "P001" in of else "no light" for day, of in found.items()}


# --- start: month ends passed since the planned start's month


@pytest.mark.parametrize(
    ("planned_on", "expected"),
    [
        (
            "2022-06-15",
            {
                "2022-06-15": "green",
                "2022-06-30": "yellow",  # one month end missed, by August two
                "2022-08-30": "yellow",
                "2022-08-31": "red",  # three
                "2023-01-30": "red",
            },
        ),
        # planned for a month's last day: that day is the first month end
        ("2022-02-28", {"2022-02-27": "green", "2022-02-28": "yellow", "2022-04-30": "red"}),
        ("2024-02-28", {"2024-02-28": "green", "2024-02-29": "yellow", "2024-04-29": "yellow"}),
        ("2022-11-01", {"2022-11-29": "green", "2022-11-30": "yellow", "2023-01-31": "red"}),
        ("2023-03-01", {"2022-12-31": "green"}),  # not due for long
    ],
)
def test_a_start_that_is_late(planned_on: str, expected: dict[str, str]) -> None:
    late = a_ledger(
        projects=[a_project()], milestones=[a_milestone("started", planned_on=planned_on)]
    )
    assert axis("start", expected, late) == expected


def test_once_started_it_is_green_however_late() -> None:
    expected = {"2022-08-30": "yellow", "2022-08-31": "red", "2022-09-01": "green"}
    started = a_milestone("started", planned_on="2022-06-15", actual_on="2022-09-01")
    assert (
        axis("start", expected, a_ledger(projects=[a_project()], milestones=[started])) == expected
    )


def test_the_planned_date_in_force_counts_from_the_day_it_was_decided() -> None:
    expected = {
        "2022-08-31": "red",
        "2022-09-14": "red",
        "2022-09-15": "green",
        "2022-10-31": "yellow",
    }
    moved = [
        a_milestone("started", planned_on="2022-06-15"),
        a_milestone("started", planned_on="2022-10-20", decided_on="2022-09-15"),
    ]
    assert axis("start", expected, a_ledger(projects=[a_project()], milestones=moved)) == expected


@pytest.mark.parametrize(
    ("nature", "planned_on", "expected"),
    [
        ("new", "2022-01-15", "red"),
        ("new", None, None),
        ("continuing", "2022-01-15", None),
        ("preliminary", "2022-01-15", "no light"),
        ("reserve", "2022-01-15", "no light"),
    ],
)
def test_to_whom_the_start_axis_applies(
    nature: str, planned_on: str | None, expected: str | None
) -> None:
    facts = a_ledger(
        projects=[a_project(nature=nature)],
        milestones=[a_milestone("started", planned_on=planned_on)] if planned_on else [],
    )
    assert axis("start", {"2022-12-31": None}, facts) == {"2022-12-31": expected}


# --- progress: points behind time progress


# At the end of June half of 1200 million is due; 10 points are 120 million, 30 are 360 million.
@pytest.mark.parametrize(
    ("done", "expected", "lead"),
    [
        (600 * MILLION, "green", "0"),
        (480 * MILLION + 1, "green", "just above −10"),
        (480 * MILLION, "yellow", "exactly −10"),
        (480 * MILLION - 1, "yellow", "just below −10"),
        (240 * MILLION + 1, "yellow", "just above −30"),
        (240 * MILLION, "yellow", "exactly −30"),
        (240 * MILLION - 1, "red", "just below −30"),
        (None, "red", "no report is 0"),
    ],
)
def test_points_behind_time_progress_are_compared_to_the_yuan(
    done: int | None, expected: str, lead: str
) -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(1200 * MILLION)],
        progress=[a_report("2022-06-30", done)],
    )
    assert axis("progress", {"2022-06-30": None}, facts) == {"2022-06-30": expected}, lead


def test_by_the_day_within_a_month_and_by_the_curve_where_there_is_one() -> None:
    # By the end of April nothing is due, by the end of May 31 %, by the day 1 % more each.
    curve = a_curve(0, 0, 0, 0, 31, 61, 61, 61, 61, 61, 61, 100)
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100, **curve)])
    expected = {
        "2022-05-09": "green",
        "2022-05-10": "yellow",
        "2022-05-30": "yellow",
        "2022-05-31": "red",
    }
    assert axis("progress", expected, facts) == expected


@pytest.mark.parametrize(
    ("nature", "planned_yuan", "expected"),
    [
        ("new", 100, "red"),
        ("continuing", 100, "red"),
        ("new", 0, None),
        ("new", None, None),
        ("preliminary", 100, "no light"),
    ],
)
def test_to_whom_the_progress_axis_applies(
    nature: str, planned_yuan: int | None, expected: str | None
) -> None:
    facts = a_ledger(projects=[a_project(nature=nature)], plans=[a_plan(planned_yuan)])
    assert axis("progress", {"2022-12-31": None}, facts) == {"2022-12-31": expected}


# --- pooling: calendar months since the start


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [
        (
            "2022-03-15",
            {
                "2022-03-14": None,
                "2022-04-14": "green",
                "2022-04-15": "yellow",
                "2022-05-15": "yellow",  # two months are not more than two
                "2022-05-16": "red",
            },
        ),
        (
            "2022-01-31",  # a month later is the 28th, two months later the 31st
            {
                "2022-02-27": "green",
                "2022-02-28": "yellow",
                "2022-03-31": "yellow",
                "2022-04-01": "red",
            },
        ),
        ("2024-01-30", {"2024-02-28": "green", "2024-02-29": "yellow", "2024-03-31": "red"}),
        (
            "2021-12-31",
            {
                "2022-01-30": "green",
                "2022-01-31": "yellow",
                "2022-02-28": "yellow",
                "2022-03-01": "red",
            },
        ),
    ],
)
def test_a_start_that_is_not_pooled(started_on: str, expected: dict[str, str | None]) -> None:
    facts = a_ledger(
        projects=[a_project(total_investment_yuan=5 * MILLION)],
        milestones=[a_milestone("started", actual_on=started_on)],
    )
    assert axis("pooling", expected, facts) == expected


def test_once_pooled_it_is_green() -> None:
    expected = {"2022-05-16": "red", "2022-06-01": "green"}
    facts = a_ledger(
        projects=[a_project(total_investment_yuan=5 * MILLION)],
        milestones=[
            a_milestone("started", actual_on="2022-03-15"),
            a_milestone("pooled", actual_on="2022-06-01"),
        ],
    )
    assert axis("pooling", expected, facts) == expected


@pytest.mark.parametrize(
    ("nature", "total", "expected"),
    [
        ("new", 5 * MILLION, "red"),
        ("new", 5 * MILLION - 1, None),
        ("new", None, None),
        ("continuing", 5 * MILLION, "red"),
        ("preliminary", 5 * MILLION, "red"),
        ("reserve", 5 * MILLION - 1, "no light"),
    ],
)
def test_to_whom_the_pooling_axis_applies(
    nature: str, total: int | None, expected: str | None
) -> None:
    facts = a_ledger(
        projects=[a_project(nature=nature, total_investment_yuan=total)],
        milestones=[a_milestone("started", actual_on="2022-01-15")],
    )
    assert axis("pooling", {"2022-12-31": None}, facts) == {"2022-12-31": expected}


# --- overall, and the pauses that cover it


def overall(facts: Facts, *days: str) -> list[str]:
    return [of["P001"].overall for of in lights(facts, *days).values()]


def test_overall_is_the_worst_axis() -> None:
    facts = a_ledger(
        projects=[a_project(total_investment_yuan=5 * MILLION)],
        plans=[a_plan(1200)],
        progress=[a_report("2022-03-31", 290), a_report("2022-04-30", 290)],
        milestones=[a_milestone("started", planned_on="2022-01-10", actual_on="2022-03-01")],
    )
    found = lights(facts, "2022-03-31", "2022-04-30", "2022-05-31")
    assert [(*of["P001"].axes.values(), of["P001"].overall) for of in found.values()] == [
        ("green", "green", "green", "green"),
        ("green", "green", "yellow", "yellow"),
        ("green", "yellow", "red", "red"),
    ]


def test_where_no_axis_applies_it_is_none() -> None:
    assert overall(a_ledger(projects=[a_project()]), "2022-06-30") == ["none"]


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        (a_pause("2022-05-10", "2022-06-10"), ["red", "paused", "paused", "red"]),
        (a_pause("2022-05-10"), ["red", "paused", "paused", "paused"]),  # still open
        (a_pause("2022-05-10", "2022-05-10"), ["red", "paused", "red", "red"]),
        (a_pause("2022-05-10", "2022-06-10", approved=False), ["red"] * 4),
        (a_pause("2022-05-10", "2022-06-10", approved=None), ["red"] * 4),
    ],
)
def test_an_approved_pause_covers_the_light_on_its_first_and_last_day_too(
    pause: dict[str, Any], expected: list[str]
) -> None:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100)], pauses=[pause])
    days = ("2022-05-09", "2022-05-10", "2022-06-10", "2022-06-11")
    assert overall(facts, *days) == expected
    axes = [of["P001"].axes["progress"] for of in lights(facts, *days).values()]
    assert axes == ["red"] * 4  # it covers them and does not change them


def test_which_projects_are_listed_and_in_which_order() -> None:
    facts = a_ledger(
        projects=[
            a_project("P3", nature="reserve"),
            a_project("P2", nature="preliminary"),
            a_project("P1", nature="continuing"),
            a_project("P0", nature="new"),
        ],
        milestones=[a_milestone("terminated", "P0", actual_on="2022-06-01")],
        pauses=[a_pause("2022-05-10", project_id="P2")],
    )
    found = lights(facts, "2022-05-31", "2022-06-01")
    assert [list(of) for of in found.values()] == [["P0", "P1", "P2"], ["P1", "P2"]]
    assert found["2022-06-01"]["P2"].overall == "paused"
