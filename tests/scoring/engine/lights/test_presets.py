"""The lights of 三亚, 武汉 and 新晃 for projects: each threshold on both sides, by date."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.schemes.scheme_files import built_in_lights
from tests.builders import a_curve, a_ledger, a_milestone, a_plan, a_project, a_report
from tests.scoring.engine.lights.preset_lights import axis, lights

SANYA, WUHAN, XINHUANG, YINCHUAN = (
    built_in_lights()[name] for name in ("sanya-2022", "wuhan", "xinhuang-2015", "yinchuan-2025")
)
MILLION = 1_000_000


# --- 三亚: completion ÷ time progress at the end of last month


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (60 * MILLION, "green"),
        (60 * MILLION - 1, "yellow"),
        (30 * MILLION, "yellow"),
        (30 * MILLION - 1, "red"),
        (None, "red"),
    ],
)
def test_sanya_compares_with_the_month_end_on_the_day_or_before(
    done: int | None, expected: str
) -> None:
    # Of 120 million, 60 are due at the end of June, and until the last day of July no more.
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(120 * MILLION)],
        progress=[a_report("2022-06-15", done)],
    )
    table = {"Thursday 2022-06-30": expected, "Saturday 2022-07-30": expected}
    assert axis(SANYA, "progress", table, facts) == table


def test_sanya_turns_at_month_ends_and_takes_reports_until_the_day() -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(120 * MILLION)],
        progress=[a_report("2022-06-15", 50 * MILLION), a_report("2022-07-12", 60 * MILLION)],
    )
    table = {
        "Sunday 2022-01-30": "green",  # nothing is due yet
        "Monday 2022-01-31": "red",
        "Sunday 2022-05-29": "red",
        "Wednesday 2022-06-15": "green",  # 50 are due since the end of May
        "Wednesday 2022-06-29": "green",
        "Thursday 2022-06-30": "yellow",
        "Monday 2022-07-11": "yellow",
        "Tuesday 2022-07-12": "green",
        "Sunday 2022-07-31": "yellow",
    }
    assert axis(SANYA, "progress", table, facts) == table


def test_sanya_reads_a_projects_own_curve_at_the_month_end() -> None:
    curve = [0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 12]
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(12 * MILLION, **a_curve(*(n * MILLION for n in curve)))],
        progress=[a_report("2022-05-31", 5 * MILLION)],
    )
    table = {
        "Tuesday 2022-05-31": "green",  # nothing due
        "Wednesday 2022-06-29": "green",
        "Thursday 2022-06-30": "yellow",  # 5 of 10 is just a half
        "Friday 2022-12-30": "yellow",
        "Saturday 2022-12-31": "red",  # 5 of 12
    }
    assert axis(SANYA, "progress", table, facts) == table


@pytest.mark.parametrize(
    ("nature", "plan", "expected"),
    [
        ("new", 10 * MILLION, "red"),
        ("new", 10 * MILLION - 1, None),
        ("continuing", 10 * MILLION, "red"),
        ("preliminary", 10 * MILLION, "no light"),
        ("new", None, None),
    ],
)
def test_sanya_looks_at_annual_plans_of_ten_million_up(
    nature: str, plan: int | None, expected: str | None
) -> None:
    facts = a_ledger(projects=[a_project(nature=nature)], plans=[a_plan(plan)])
    table = {"Thursday 2022-06-30": expected}
    assert axis(SANYA, "progress", table, facts) == table


# --- 武汉: completion ÷ time progress of the day


@pytest.mark.parametrize(
    ("done", "expected", "figure"),
    [
        (480 * MILLION, "green", F(4, 5)),
        (480 * MILLION - 1, "yellow", F(480 * MILLION - 1, 600 * MILLION)),
        (360 * MILLION, "yellow", F(3, 5)),
        (360 * MILLION - 1, "red", F(360 * MILLION - 1, 600 * MILLION)),
        (None, "red", F(0)),
        (900 * MILLION, "green", F(3, 2)),
    ],
)
def test_wuhan_below_eight_and_six_tenths(done: int | None, expected: str, figure: F) -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(1200 * MILLION)],
        progress=[a_report("2022-06-30", done)],
    )
    on = "Thursday 2022-06-30"
    light = lights(WUHAN, facts, [on])[on]["P001"]
    assert (light.axes["progress"], light.figure("progress")) == (expected, figure)


def test_wuhan_by_the_day_within_a_month() -> None:
    # Ten are due a month, in June a third of one a day.
    facts = a_ledger(
        projects=[a_project()], plans=[a_plan(120)], progress=[a_report("2022-05-31", 44)]
    )
    table = {
        "Tuesday 2022-05-31": "green",  # 44 of 50
        "Wednesday 2022-06-15": "green",  # 44 of 55 is 0.8
        "Thursday 2022-06-16": "yellow",
        "Wednesday 2022-08-10": "yellow",  # 44 of 73.23; of 73.33 it is 0.6
        "Thursday 2022-08-11": "red",
    }
    assert axis(WUHAN, "progress", table, facts) == table


def test_where_nothing_is_due_the_ratio_is_unknown_and_the_light_green() -> None:
    curve = a_curve(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100)
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100, **curve)])
    found = lights(WUHAN, facts, ["Wednesday 2022-11-30", "Thursday 2022-12-01"])
    before, after = (of["P001"] for of in found.values())
    assert (before.axes["progress"], before.figure("progress")) == ("green", None)
    assert (after.axes["progress"], after.figure("progress")) == ("red", F(0))


@pytest.mark.parametrize(
    ("preset", "name"), [(WUHAN, "progress"), (XINHUANG, "month_task")], ids=["wuhan", "xinhuang"]
)
@pytest.mark.parametrize(
    ("nature", "plan", "expected"),
    [
        ("new", 12, "red"),
        ("continuing", 12, "red"),
        ("preliminary", 12, "no light"),
        ("reserve", 12, "no light"),
        ("new", 0, None),
        ("new", None, None),
    ],
)
def test_new_and_continuing_projects_with_a_plan_are_looked_at(
    preset: Lights, name: str, nature: str, plan: int | None, expected: str | None
) -> None:
    facts = a_ledger(projects=[a_project(nature=nature)], plans=[a_plan(plan)])
    table = {"Thursday 2022-06-30": expected}
    assert axis(preset, name, table, facts) == table


# --- 新晃: the task of the month that ended


def test_xinhuang_without_a_curve_waits_for_the_years_first_month_to_end() -> None:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(120), a_plan(120, year=2021)])
    table = {
        "Friday 2021-12-31": "red",
        "Saturday 2022-01-01": None,
        "Sunday 2022-01-30": None,
        "Monday 2022-01-31": "red",
    }
    assert axis(XINHUANG, "month_task", table, facts) == table


@pytest.mark.parametrize(
    ("done", "expected"),
    [(8000, "green"), (7999, "yellow"), (6000, "yellow"), (5999, "red"), (0, "red")],
)
def test_xinhuang_below_eight_and_six_tenths_of_the_months_task(done: int, expected: str) -> None:
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(120_000)],
        progress=[a_report("2022-05-31", 1000), a_report("2022-06-30", 1000 + done)],
    )
    table = {"Thursday 2022-06-30": expected, "Saturday 2022-07-30": expected}
    assert axis(XINHUANG, "month_task", table, facts) == table


def test_xinhuang_judges_a_month_when_it_has_ended_and_its_curve_has_a_task() -> None:
    curve = a_curve(0, 10, 10, 40, 40, 40, 40, 40, 40, 40, 40, 50)
    facts = a_ledger(
        projects=[a_project()],
        plans=[a_plan(50, **curve)],
        progress=[a_report("2022-02-10", 9), a_report("2022-04-30", 30)],
    )
    table = {
        "Saturday 2022-01-01": None,  # no month of the year has ended
        "Monday 2022-01-31": None,  # January has no task
        "Sunday 2022-02-27": None,
        "Monday 2022-02-28": "green",  # 9 of 10
        "Thursday 2022-03-31": None,
        "Saturday 2022-04-30": "yellow",  # 21 of 30
        "Monday 2022-05-30": "yellow",
        "Tuesday 2022-05-31": None,
        "Saturday 2022-12-31": "red",  # 0 of 10
    }
    assert axis(XINHUANG, "month_task", table, facts) == table


def test_xinhuang_has_words_of_its_own() -> None:
    (shown,) = XINHUANG.axes
    assert (shown.words.green, shown.words.yellow, shown.words.red) == ("正常", "关注", "黄牌")


# --- 银川: the figures behind its axes, whose colours test_lights.py has by date


def test_yinchuan_tells_months_missed_points_behind_and_days_since_the_start() -> None:
    facts = a_ledger(
        projects=[a_project(total_investment_yuan=5 * MILLION)],
        plans=[a_plan(120)],
        milestones=[
            a_milestone("started", planned_on="2022-03-15", actual_on="2022-05-02"),
            a_milestone("pooled", actual_on="2022-06-20"),
        ],
        progress=[a_report("2022-05-31", 20)],
    )
    expected = {
        "Monday 2022-02-28": (0, F(20, 120) * 100, None),  # not yet due
        "Wednesday 2022-03-30": (0, None, None),
        "Thursday 2022-03-31": (1, F(25), None),
        "Sunday 2022-05-01": (2, None, None),
        "Monday 2022-05-02": (0, None, 0),
        "Tuesday 2022-05-31": (0, F(25), 29),
        "Sunday 2022-06-19": (0, None, 48),
        "Monday 2022-06-20": (0, None, 0),
    }
    found = lights(YINCHUAN, facts, expected)
    for on, (missed, behind, days) in expected.items():
        light = found[on]["P001"]
        assert light.figure("start") == missed, on
        assert light.figure("pooling") == days, on
        if behind is not None:
            assert light.figure("progress") == behind, on
