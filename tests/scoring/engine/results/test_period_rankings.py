"""Quarters and years of a scheme: what is missing is told; on the county as scored by hand."""

from datetime import date
from fractions import Fraction as F
from typing import Any

from services.scoring.engine.results.period_rankings import (
    MonthlyScores,
    MonthlyTotals,
    period_document,
    period_month_ends,
)
from services.scoring.engine.scheme.periods import Periods
from services.scoring.execution.periods import compute_monthly_scores, latest_report_day
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import built_in_schemes, resolve_lights
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.builders import a_ledger
from tests.cli.runner import COUNTY

SCHEME = built_in_schemes()["lanxian-2022"]
NAMES = {"U1": "甲", "U2": "乙"}
MONTHS: MonthlyTotals = {
    1: {"a": {"U1": F(80), "U2": F(90)}},
    3: {"a": {"U1": F(83), "U2": None}},
    4: {"a": {"U1": F("90.01"), "U2": F(50)}},
}


def document(quarter: int | None, periods: Periods | None) -> dict[str, Any]:
    scheme = SCHEME.model_copy(update={"periods": periods})
    return period_document(scheme, 2022, quarter, MonthlyScores(MONTHS, []), NAMES)


def lines(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    (group,) = found["groups"]
    return [(u["name"], u["rank"], u["total"], u["parts"]) for u in group["units"]]


def test_month_ends_of_quarters_and_of_the_year() -> None:
    assert period_month_ends(2024, 1) == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert period_month_ends(2022, 4) == [
        date(2022, 10, 31),
        date(2022, 11, 30),
        date(2022, 12, 31),
    ]
    assert [end.month for end in period_month_ends(2022, None)] == [*range(1, 13)]


def test_a_scheme_that_says_nothing_has_the_mean_of_the_months_scored() -> None:
    found = document(1, None)
    assert (found["scored"], found["missing"]) == ([1, 3], [2])
    assert lines(found) == [
        ("乙", 1, "90.00", {"1": "90.00", "3": None}),
        ("甲", 2, "81.50", {"1": "80.00", "3": "83.00"}),
    ]


def test_the_schemes_own_months_and_zeros() -> None:
    found = document(1, Periods(missing="zero", months=(1, 3)))
    assert (found["scored"], found["missing"]) == ([1, 3], [])
    assert lines(found)[0][:3] == ("甲", 1, "81.50")
    assert lines(found)[1][:3] == ("乙", 2, "45.00")


def test_a_year_of_quarters_shows_its_quarters_exactly() -> None:
    found = document(None, Periods(missing="skip", year_of="quarters"))
    assert found["mean_of"] == "quarters"
    assert found["missing"] == [2, *range(5, 13)]
    # U1: (81.5 + 90.01) ÷ 2 is 85.755, half up.
    assert lines(found) == [
        ("甲", 1, "85.76", {"1": "81.5000", "2": "90.0100"}),
        ("乙", 2, "70.00", {"1": "90.0000", "2": "50.0000"}),
    ]


def test_a_year_end_that_makes_a_part_of_the_year_is_told_and_missed() -> None:
    rule = Periods.model_validate({"missing": "skip", "months": [1, 3, 4, 12], "year_end": "60%"})
    assert document(None, rule)["missing"] == [12]
    assert document(1, rule)["missing"] == []
    scheme = SCHEME.model_copy(update={"periods": rule})
    year = {**MONTHS, 12: {"a": {"U1": F(90), "U2": F(80)}}}
    found = period_document(scheme, 2022, None, MonthlyScores(year, []), NAMES)
    assert (found["scored"], found["missing"]) == ([1, 3, 4, 12], [])
    # U1: 84.336… × 0.4 + 90 × 0.6; U2: 70 × 0.4 + 80 × 0.6.
    (group,) = found["groups"]
    assert [(u["name"], u["total"], u["year_end"]) for u in group["units"]] == [
        ("甲", "87.73", "90.00"),
        ("乙", "76.00", "80.00"),
    ]


def test_without_a_single_month_there_is_no_ranking() -> None:
    found = period_document(SCHEME, 2022, 2, MonthlyScores({}, []), NAMES)
    assert (found["missing"], found["groups"]) == ([4, 5, 6], [])


def test_totals_of_month_ends_are_those_of_their_scores() -> None:
    facts, preset = read_ledger(COUNTY, region_codes()).accepted(), resolve_lights(SCHEME)
    ends = period_month_ends(2022, 3)
    found = compute_monthly_scores(facts, SCHEME, preset, ends)
    for end in ends:
        groups = score_facts(facts, SCHEME, preset, end).groups
        assert found.totals[end.month] == {
            group: {standing.unit_id: standing.total for standing in standings}
            for group, standings in groups.items()
        }
    assert latest_report_day(facts) == date(2022, 12, 31)
    assert latest_report_day(a_ledger()) is None
