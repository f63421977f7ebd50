"""A report beside the total, the plan of its year and the reports around it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.plausibility.thresholds import PlausibilityThresholds
from tests.shared.plausibility.records import beside, doubts, figures, row

REPORTED = "09-10"


def plan(planned: int | None = None, prior: int | None = None, year: int = 2022) -> dict[str, Any]:
    return row("plans", year=year, planned_yuan=planned, prior_invested_yuan=prior)


def report(amount: int | None, as_of: str = REPORTED, percent: str | None = None) -> dict[str, Any]:
    physical = None if percent is None else Decimal(percent)
    return row("progress", as_of=as_of, invested_ytd_yuan=amount, physical_pct=physical)


AMOUNTS = [
    # total, plan of the year, report; doubts
    (1000, plan(), 1000, {}),
    (1000, plan(), 1001, {"ytd_above_total": (1001, 1000)}),
    (None, plan(), 9_000_000_000, {}),
    (None, plan(100), 300, {}),
    (None, plan(100), 301, {"ytd_above_plan": (301, 300)}),
    (None, plan(0), 9_000_000_000, {}),
    (None, plan(None), 9_000_000_000, {}),
    (None, plan(100, year=2021), 9_000_000_000, {}),
    (1000, plan(None, 600), 400, {}),
    (1000, plan(None, 600), 401, {"invested_above_total": (1001, 1000)}),
    (1000, plan(None, 600, year=2021), 401, {}),
    (1000, plan(500, 1001), 0, {"invested_above_total": (1001, 1000)}),
    (0, plan(), 0, {}),
    (0, plan(), 1, {"ytd_above_total": (1, 0)}),
    (1000, plan(100, 0), None, {}),
    (
        1000,
        plan(100, 1),
        9_000_000_000,
        {
            "ytd_above_total": (9_000_000_000, 1000),
            "ytd_above_plan": (9_000_000_000, 300),
        },
    ),
]


@pytest.mark.parametrize(("total", "planned", "amount", "expected"), AMOUNTS)
def test_an_amount_beside_total_and_plan(
    total: int | None, planned: dict[str, Any], amount: int | None, expected: dict[str, Any]
) -> None:
    found = doubts("progress", report(amount), beside(total, plans=[planned]))
    assert figures(found) == expected
    assert all(each.holds and each.column == "invested_ytd_yuan" for each in found)


NEIGHBOURS = [
    # reports that count, report; doubts
    ([("08-31", 50)], 50, {}),
    ([("08-31", 50)], 49, {"below_earlier": (49, 50)}),
    ([("07-31", 90), ("08-31", 50)], 60, {}),  # the latest before it speaks
    ([("2021-12-31", 50)], 49, {}),
    ([("09-12", 50)], 50, {}),
    ([("09-12", 50)], 51, {"above_later": (51, 50)}),
    ([("09-12", 90), ("09-13", 50)], 60, {}),
    ([("2023-01-31", 50)], 51, {}),
    ([("08-31", 50), ("09-12", 40)], 45, {"below_earlier": (45, 50), "above_later": (45, 40)}),
    ([("08-31", None), ("07-31", 50)], 49, {"below_earlier": (49, 50)}),  # a note is no amount
    ([(REPORTED, 50)], 10, {}),  # the version that it corrects
    ([("08-31", 50)], None, {}),
]


@pytest.mark.parametrize(("others", "amount", "expected"), NEIGHBOURS)
def test_an_amount_beside_the_reports_around_it(
    others: list[tuple[str, int | None]], amount: int | None, expected: dict[str, Any]
) -> None:
    context = beside(progress=[report(other, as_of) for as_of, other in others])
    assert figures(doubts("progress", report(amount), context)) == expected


def test_a_doubt_says_of_which_day_the_other_report_is() -> None:
    (found,) = doubts("progress", report(49), beside(progress=[report(50, "08-31")]))
    assert found.sentence() == "本年完成 49 元，少于此前 2022-08-31 报送的 50 元"
    assert found.sentence(english=True) == (
        "Completed this year, 49 yuan, is below the 50 yuan reported for 2022-08-31."
    )


@pytest.mark.parametrize(("percent", "is_doubted"), [("100", False), ("100.0001", True)])
def test_a_percentage_is_at_most_a_hundred(percent: str, is_doubted: bool) -> None:
    found = doubts("progress", report(None, percent=percent), beside())
    assert figures(found) == (
        {"percent_above_limit": (Decimal(percent), Decimal(100))} if is_doubted else {}
    )
    assert [each.column for each in found] == ["physical_pct"] * is_doubted


def test_an_office_has_its_own_factor_and_percentage() -> None:
    own = PlausibilityThresholds(plan_factor=1, max_percent=120)
    context = beside(plans=[plan(100)])
    assert figures(doubts("progress", report(101, percent="120"), context, own)) == {
        "ytd_above_plan": (101, 100)
    }


def test_a_report_of_a_year_is_beside_the_plan_of_that_year() -> None:
    context = beside(plans=[plan(100, year=2021), plan(1000)])
    (found,) = doubts("progress", report(301, "2021-12-31"), context, today=date(2022, 1, 5))
    assert found.sentence() == "本年完成 301 元，超过 2021 年计划的 3 倍即 300 元"
