"""The lights of 三亚, 武汉, 新晃 and 天津 for projects: each threshold on both sides, by date."""

from fractions import Fraction as F

import pytest

from services.scoring.schemes.reading import built_in_lights
from tests.builders import Row, a_curve, a_fund, a_ledger, a_plan, a_project, a_report
from tests.scoring.preset_lights import axis, lights

SANYA, WUHAN, XINHUANG, TIANJIN = (
    built_in_lights()[name] for name in ("sanya-2022", "wuhan", "xinhuang-2015", "tianjin-2022")
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


# --- 新晃: the task of the month that ended


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
    assert (shown.words.yellow, shown.words.red) == ("关注", "黄牌")


# --- 天津: bond money due in six months from the month after it arrived


def bond(event: str, amount: int, on: str) -> Row:
    return a_fund(amount, event=event, on=on, source="special_bond", project_id="P001")


def test_tianjin_expects_a_sixth_a_month_from_the_month_after() -> None:
    # 600 arrived in January: nothing due until its end, then 100 a month until the end of July.
    facts = a_ledger(projects=[a_project()], funds=[bond("arrived", 600, "2022-01-10")])
    table = {
        "Sunday 2022-01-09": None,
        "Monday 2022-01-10": "green",
        "Monday 2022-01-31": "green",
        "Tuesday 2022-02-01": "yellow",
        "Thursday 2022-03-24": "yellow",  # 100 and 24 of March's 31 days: 177 of 600
        "Friday 2022-03-25": "red",  # 180.6 is 30.1 points
    }
    assert axis(TIANJIN, "funds", table, facts) == table


@pytest.mark.parametrize(
    ("paid", "expected", "behind"),
    [
        (300, "green", F(0)),
        (301, "green", F(-1, 6)),
        (299, "yellow", F(1, 6)),
        (120, "yellow", F(30)),
        (119, "red", F(181, 6)),
    ],
)
def test_tianjin_up_to_thirty_points_behind(paid: int, expected: str, behind: F) -> None:
    # Of 600 that arrived in January half is due at the end of April.
    funds = [bond("arrived", 600, "2022-01-31"), bond("paid", paid, "2022-04-30")]
    facts = a_ledger(projects=[a_project(nature="reserve")], funds=funds)
    on = "Saturday 2022-04-30"
    light = lights(TIANJIN, facts, [on])[on]["P001"]
    assert (light.axes["funds"], light.figure("funds")) == (expected, behind)


def test_tianjin_adds_what_arrived_at_different_times() -> None:
    # At the end of July all of January's 600 and a sixth of June's 600 are due: 700 of 1200.
    funds = [
        bond("arrived", 600, "2022-01-10"),
        bond("arrived", 600, "2022-06-30"),
        bond("paid", 340, "2022-07-01"),
    ]
    facts = a_ledger(projects=[a_project()], funds=funds)
    found = lights(TIANJIN, facts, ["Sunday 2022-07-31", "Wednesday 2022-08-31"])
    figures = {on: of["P001"].figure("funds") for on, of in found.items()}
    assert figures == {"Sunday 2022-07-31": F(30), "Wednesday 2022-08-31": F(4600, 120)}
    assert [of["P001"].axes["funds"] for of in found.values()] == ["yellow", "red"]


def test_tianjin_expects_all_after_six_months_and_across_the_year() -> None:
    facts = a_ledger(projects=[a_project()], funds=[bond("arrived", 600, "2021-10-31")])
    days = ["Saturday 2022-04-30", "Sunday 2022-05-01", "Friday 2023-06-30"]
    found = lights(TIANJIN, facts, ["Wednesday 2022-01-05", *days])
    figures = [of["P001"].figure("funds") for of in found.values()]
    assert figures == [(2 + F(5, 31)) * F(100, 6), F(100), F(100), F(100)]
