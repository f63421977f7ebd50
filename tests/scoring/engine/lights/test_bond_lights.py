"""The lights of 天津 for projects with bond money: thresholds on both sides, by date."""

from fractions import Fraction as F

import pytest

from services.scoring.schemes.scheme_files import built_in_lights
from tests.builders import Row, a_fund, a_ledger, a_project
from tests.scoring.engine.lights.preset_lights import axis, lights

TIANJIN = built_in_lights()["tianjin-2022"]


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


@pytest.mark.parametrize(
    ("fund", "expected"),
    [
        (bond("arrived", 600, "2022-01-31"), "red"),
        (bond("applied", 600, "2022-01-31"), "no light"),
        (bond("approved", 600, "2022-01-31"), "no light"),
        (bond("arrived", 0, "2022-01-31"), "no light"),
        (bond("arrived", 600, "2022-01-31") | {"source": "central_budget"}, "no light"),
        (bond("arrived", 600, "2022-01-31") | {"unit_id": "U01"}, "red"),
    ],
)
def test_tianjin_looks_at_bond_money_that_arrived(fund: Row, expected: str) -> None:
    facts = a_ledger(projects=[a_project(nature="reserve")], funds=[fund])
    table = {"Saturday 2022-04-30": expected}
    assert axis(TIANJIN, "funds", table, facts) == table


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
