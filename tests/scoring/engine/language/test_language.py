"""The metric language as tables: each construct, and what it answers of a tiny ledger."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.scoring.execution.duckdb import QueryRunner, open_query_runner
from tests.builders import a_fund, a_ledger, a_milestone, a_plan, a_project
from tests.scoring.engine.language.queries import a_metric, answer, terms

# Of P001: total_investment_yuan is 7; contract_yuan, region_code, signed_on are unknown.
LEDGER = a_ledger(
    projects=[
        a_project(
            total_investment_yuan=7, is_industrial=True, key_levels=["city", "county"], programs=[]
        ),
        a_project("P002", nature="reserve", total_investment_yuan=None, contract_yuan=5),
    ],
    plans=[a_plan(400)],
    milestones=[a_milestone("started", actual_on="2022-03-31")],
    funds=[
        a_fund(10, project_id="P001"),
        a_fund(None, project_id="P001"),
        a_fund(32, project_id="P001", event="paid"),
        a_fund(1000, project_id="P002"),
    ],
)


@pytest.fixture(scope="module")
def run() -> Iterator[QueryRunner]:
    with open_query_runner(LEDGER) as run:
        yield run


# --- numbers, words, days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3),
        ("5_000_000", 5_000_000),
        ("0x10", 16),
        ("-3", -3),
        ("- -3", 3),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 - 3 - 4", -5),
        ("total_investment_yuan", 7),
        ("total_investment_yuan * 2 + 1", 15),
        ("-total_investment_yuan", -7),
        ("contract_yuan", None),
        ("contract_yuan + 1", None),
        ("0 * contract_yuan", None),
        ("-contract_yuan", None),
        ("'new'", "new"),
        ('"it\'s"', "it's"),
        ("nature", "new"),
        ("region_code", None),
        ("key_levels", ("city", "county")),
        ("day", date(2022, 9, 15)),
        ("day + 1", date(2022, 9, 16)),
        ("day - 15", date(2022, 8, 31)),
        ("day - year_start", 257),
        ("day - signed_on", None),
        ("signed_on + 1", None),
        ("year_start", date(2022, 1, 1)),
        ("year_end", date(2022, 12, 31)),
        ("this_year", 2022),
        ("month", 9),
        ("day_of_month", 15),
        ("days_in_month", 30),
    ],
)
def test_values(run: QueryRunner, text: str, expected: Any) -> None:
    assert answer(run, text) == expected


# --- comparisons, also with the unknown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total_investment_yuan == 7", True),
        ("total_investment_yuan != 7", False),
        ("total_investment_yuan < 7", False),
        ("total_investment_yuan <= 7", True),
        ("total_investment_yuan > 6", True),
        ("total_investment_yuan >= 8", False),
        ("nature == 'new'", True),
        ("nature != 'new'", False),
        ("started_on == started_on", True),
        ("started_on < day", True),
        ("is_new == is_industrial", True),
        ("is_new != is_attracted", True),
        # chained: every step holds
        ("1 < total_investment_yuan < 8", True),
        ("1 < total_investment_yuan < 7", False),
        ("year_start <= started_on <= day", True),
        ("1 < 2 < 3 < 3", False),
        # with something unknown no comparison holds, not even its opposite
        ("contract_yuan == 0", False),
        ("contract_yuan != 0", False),
        ("contract_yuan == contract_yuan", False),
        ("contract_yuan < 1", False),
        ("contract_yuan >= 1", False),
        ("contract_yuan + 1 > 0", False),
        ("signed_on <= day", False),
        ("region_code == '141127'", False),
        ("region_code != '141127'", False),
        ("1 < contract_yuan < 8", False),
        ("0 < 1 < contract_yuan", False),
        # and so `not` of it does
        ("not contract_yuan == 0", True),
        ("not signed_on > day", True),
        ("not (1 < contract_yuan < 8)", True),
    ],
)
def test_comparisons(run: QueryRunner, text: str, expected: bool) -> None:
    assert answer(run, text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'city' in key_levels", True),
        ("'province' in key_levels", False),
        ("not 'province' in key_levels", True),
        ("nature in key_levels", False),
        ("region_code in key_levels", False),
        ("'special_bond' in programs", False),
        ("is_industrial", True),
        ("is_attracted", False),  # blank is no
        ("not is_attracted", True),
        ("is_new and started", True),
        ("is_new and signed", False),
        ("signed or is_new", True),
        ("signed or is_attracted", False),
        ("signed and is_new or started", True),  # `and` binds closer than `or`
        ("signed and (is_new or started)", False),
        ("not signed and is_new", True),
    ],
)
def test_flags_and_lists(run: QueryRunner, text: str, expected: bool) -> None:
    assert answer(run, text) is expected


# --- if-else, and the functions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 if started else 2", 1),
        ("1 if signed else 2", 2),
        ("1 if contract_yuan > 0 else 2", 2),  # unknown is not more than 0
        ("1 if signed else 2 if is_industrial else 3", 2),
        ("1 if signed else contract_yuan", None),
        ("total_investment_yuan if started else contract_yuan", 7),
        ("'a' if started else 'b'", "a"),
        ("day if started else year_end", date(2022, 9, 15)),
        ("is_new if started else signed", True),
        ("known(total_investment_yuan)", True),
        ("known(contract_yuan)", False),
        ("known(contract_yuan + 1)", False),
        ("known(signed_on)", False),
        ("known(region_code)", False),
        ("known(nature)", True),
        ("known(key_levels)", True),
        ("known(programs)", False),  # an empty list
        ("not known(programs)", True),
        ("or_else(contract_yuan, 9)", 9),
        ("or_else(total_investment_yuan, 9)", 7),
        ("or_else(contract_yuan, contract_yuan)", None),
        ("or_else(signed_on, started_on)", date(2022, 3, 31)),
        ("or_else(region_code, 'none')", "none"),
        ("or_else(contract_yuan, 9) > 8", True),
        ("months(day)", 12 * 2022 + 9),
        ("months(day) - months(started_on)", 6),
        ("months(signed_on)", None),
        ("after_months(signed_on, 1)", None),
        ("after_months(day, contract_yuan)", None),
        ("after_months(day, total_investment_yuan)", date(2023, 4, 15)),
    ],
)
def test_choices_and_functions(run: QueryRunner, text: str, expected: Any) -> None:
    assert answer(run, text) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2022-01-31", 1, "2022-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2022-01-29", 1, "2022-02-28"),
        ("2022-01-28", 1, "2022-02-28"),
        ("2022-02-28", 1, "2022-03-28"),
        ("2022-03-31", 1, "2022-04-30"),
        ("2022-12-31", 2, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2022-03-31", -1, "2022-02-28"),
        ("2022-01-15", -13, "2020-12-15"),
        ("2022-03-31", 0, "2022-03-31"),
    ],
)
def test_months_later_the_same_day_or_the_months_last(
    run: QueryRunner, day: str, months: int, expected: str
) -> None:
    found = answer(run, f"after_months(day, {months})", date.fromisoformat(day))
    assert found == date.fromisoformat(expected)


# --- over many rows: what a metric counts and sums


@pytest.mark.parametrize(
    ("numerator", "expected"),
    [
        ("count()", 2),
        ("count(started)", 1),
        ("count(contract_yuan > 0)", 1),
        ("count(not contract_yuan > 0)", 1),
        ("sum(1)", 2),
        ("sum(total_investment_yuan)", 7),  # P002's is unknown and passed over
        ("sum(total_investment_yuan + contract_yuan)", 0),  # nobody has both
        ("sum(or_else(total_investment_yuan, 0) + or_else(contract_yuan, 0))", 12),
        ("sum(total_investment_yuan) + sum(contract_yuan)", 12),
        ("sum(contract_yuan) - sum(total_investment_yuan)", -2),
        ("count() - count(started) - count(started)", 0),
        ("3 * count() + 2 * sum(contract_yuan)", 16),
        ("count() - 2 * (count(started) + 3 * count())", -12),
        ("0 * count()", 0),
        ("sum(1 if started else 0)", 1),
    ],
)
def test_counts_and_sums(run: QueryRunner, numerator: str, expected: int) -> None:
    assert terms(run, a_metric(numerator)) == (expected, None)


def test_a_row_whose_part_of_the_denominator_is_unknown_is_in_neither_sum(run: QueryRunner) -> None:
    metric = a_metric("sum(or_else(total_investment_yuan, 3))", "sum(contract_yuan)")
    assert terms(run, metric) == (3, 5)


def test_a_population_leaves_the_others_out_of_both(run: QueryRunner) -> None:
    metric = a_metric("count(started)", "count()", population="is_new")
    assert terms(run, metric) == (1, 1)


def test_over_no_rows_counts_and_sums_are_0(run: QueryRunner) -> None:
    metric = a_metric("sum(total_investment_yuan)", "count()", population="signed")
    assert terms(run, metric) == (0, 0)


def test_a_metric_over_other_rows_uses_their_columns_and_their_projects_facts(
    run: QueryRunner,
) -> None:
    funds = a_metric("sum(amount_yuan)", "count()", over="funds", population="is_new")
    assert terms(run, funds) == (42, 3)
