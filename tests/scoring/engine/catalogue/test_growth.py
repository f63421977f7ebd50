"""Growth against last year's same day and the month's investment, by hand, with leap days."""

from datetime import date

import pytest

from services.scoring.execution.duckdb import EPOCH, day_parameters, open_query_runner
from tests.builders import a_ledger, a_milestone, a_plan, a_project, a_report
from tests.scoring.engine.language.queries import answer
from tests.scoring.engine.result_documents import result_of
from tests.scoring.rule_books.scheme_texts import a_book

GROWTH = a_book(
    pillars="""
        pillars:
          - id: p
            zh: 板块
            weight: 100
            metrics:
              - {id: investment_growth, points: {rule: proportional}}
              - {id: investment_this_month, points: {rule: best_ratio}}
    """
)


@pytest.mark.parametrize(
    ("day", "year_before"),
    [
        ("2022-06-30", "2021-06-30"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-28"),  # not the 29th: the same day
        ("2024-03-01", "2023-03-01"),
        ("2022-01-01", "2021-01-01"),
    ],
)
def test_last_years_same_day(day: str, year_before: str) -> None:
    asked = day_parameters(date.fromisoformat(day))
    assert asked["day_last_year"] == (date.fromisoformat(year_before) - EPOCH).days
    assert asked["last_year"] == int(year_before[:4])
    assert asked["last_year_start"] == (date(asked["last_year"], 1, 1) - EPOCH).days


def terms(day: str, *reports: tuple[str, int | None]) -> tuple[tuple[int, int | None], ...]:
    facts = a_ledger(projects=[a_project()], progress=[a_report(on, yuan) for on, yuan in reports])
    of = result_of(facts, date.fromisoformat(day), GROWTH).terms["U01"].of_metric
    return of["investment_growth"], of["investment_this_month"]


@pytest.mark.parametrize(
    ("day", "reports", "growth", "month"),
    [
        ("2022-06-30", [("2021-06-30", 80), ("2022-06-30", 100)], (20, 80), 100),
        ("2022-06-30", [("2021-06-30", 80), ("2021-07-01", 90)], (-80, 80), 0),
        ("2022-06-30", [("2021-05-31", 80), ("2022-06-30", 60)], (-20, 80), 60),
        ("2022-06-30", [("2020-12-31", 80), ("2022-06-30", 60)], (60, 0), 60),
        ("2024-02-29", [("2023-02-28", 80), ("2023-03-01", 99)], (-80, 80), 0),
        ("2024-02-28", [("2023-02-28", 80), ("2024-02-29", 99)], (-80, 80), 0),
        ("2022-06-30", [("2022-05-31", 40), ("2022-06-01", 45)], (45, 0), 5),
        ("2022-06-01", [("2022-05-31", 40)], (40, 0), 0),
        ("2022-05-31", [("2022-04-30", 10), ("2022-05-31", 40)], (40, 0), 30),
        ("2022-06-30", [("2022-06-30", None), ("2022-06-15", 7)], (7, 0), 7),
        ("2022-01-31", [("2021-12-31", 900), ("2022-01-31", 7)], (7, 0), 7),
    ],
)
def test_growth_and_the_months_investment(
    day: str, reports: list[tuple[str, int | None]], growth: tuple[int, int], month: int
) -> None:
    assert terms(day, *reports) == (growth, (month, None))


def test_without_anything_last_year_growth_is_not_applicable() -> None:
    facts = a_ledger(projects=[a_project()], progress=[a_report("2022-06-30", 5)])
    (unit,) = result_of(facts, date(2022, 6, 30), GROWTH).groups["departments"]
    assert "investment_growth" not in unit.metrics


def test_a_terminated_project_counts_in_neither_year() -> None:
    facts = a_ledger(
        projects=[a_project("P1"), a_project("P2")],
        progress=[a_report("2021-06-30", 50, p) for p in ("P1", "P2")],
        milestones=[a_milestone("terminated", "P2", actual_on="2022-01-05")],
    )
    found = result_of(facts, date(2022, 6, 30), GROWTH).terms["U01"]
    assert found.of_metric["investment_growth"] == (-50, 50)


def test_last_years_plan_is_there_for_metrics_of_ones_own() -> None:
    facts = a_ledger(projects=[a_project()], plans=[a_plan(7), a_plan(5, year=2021)])
    with open_query_runner(facts) as run:
        assert answer(run, "plan_last_year") == 5
