"""Months averaged into quarters and years, worked by hand."""

from fractions import Fraction as F
from typing import Any

from services.scoring.engine.periods import (
    Periods,
    PeriodStanding,
    Totals,
    quarter_standings,
    year_standings,
)

MONTHS: Totals = {
    1: {"U1": F(80), "U2": F(90), "U3": None},
    2: {"U1": F(81), "U2": None, "U3": None},
    3: {"U1": F(83), "U2": F(70), "U3": None},
    4: {"U1": F(90), "U2": F(50), "U3": F("99.99")},
}


def periods(**given: Any) -> Periods:
    return Periods.model_validate({"missing": "skip", **given})


def shown(made: list[PeriodStanding]) -> list[tuple[str, int | None, F | None]]:
    return [(standing.unit_id, standing.rank, standing.total) for standing in made]


def test_a_quarter_is_the_mean_of_its_months() -> None:
    found = quarter_standings(1, MONTHS, periods(), "dense", 2)
    # 244 ÷ 3 is 81.333…; U2 had two months: 80; U3 none.
    assert shown(found) == [("U1", 1, F("81.33")), ("U2", 2, F(80)), ("U3", None, None)]
    assert found[1].parts == {1: F(90), 2: None, 3: F(70)}


def test_a_missing_month_may_be_0_but_who_never_had_a_total_stays_unranked() -> None:
    found = quarter_standings(1, MONTHS, periods(missing="zero"), "dense", 2)
    assert shown(found) == [("U1", 1, F("81.33")), ("U2", 2, F("53.33")), ("U3", None, None)]


def test_months_that_do_not_count_and_months_to_come_are_passed_over() -> None:
    found = quarter_standings(1, MONTHS, periods(months=[3, 6, 9, 12]), "dense", 0)
    assert shown(found) == [("U1", 1, F(83)), ("U2", 2, F(70)), ("U3", None, None)]
    found = quarter_standings(2, MONTHS, periods(missing="zero"), "dense", 2)
    assert shown(found) == [("U3", 1, F("99.99")), ("U1", 2, F(90)), ("U2", 3, F(50))]
    assert quarter_standings(3, MONTHS, periods(), "dense", 2) == []


def test_a_year_is_the_mean_of_its_months_or_of_its_quarters() -> None:
    by_months = year_standings(MONTHS, periods(), "dense", 2)
    # U1: 334 ÷ 4; U2: 210 ÷ 3; U3 had one month.
    assert shown(by_months) == [("U3", 1, F("99.99")), ("U1", 2, F("83.5")), ("U2", 3, F(70))]
    by_quarters = year_standings(MONTHS, periods(year_of="quarters"), "dense", 2)
    # U1: (81.333… + 90) ÷ 2 is 85.666…, from the exact quarter; U2: (80 + 50) ÷ 2.
    assert shown(by_quarters) == [("U3", 1, F("99.99")), ("U1", 2, F("85.67")), ("U2", 3, F(65))]
    assert by_quarters[1].parts == {1: F(244, 3), 2: F(90)}


def test_a_missing_quarter_is_treated_as_a_missing_month() -> None:
    found = year_standings(MONTHS, periods(year_of="quarters", missing="zero"), "dense", 2)
    # U1 as before; U2 (53.333… + 50) ÷ 2; U3 99.99 ÷ 2 is 49.995, half up.
    assert shown(found) == [("U1", 1, F("85.67")), ("U2", 2, F("51.67")), ("U3", 3, F(50))]


def test_equal_means_are_ranked_as_the_scheme_ranks() -> None:
    months: Totals = {1: {"U1": F(1), "U2": F(2), "U3": F(2), "U4": F(0)}}
    ranks = {
        ranking: [s.rank for s in quarter_standings(1, months, periods(), ranking, 2)]
        for ranking in ("dense", "competition")
    }
    assert ranks == {"dense": [1, 1, 2, 3], "competition": [1, 1, 3, 4]}


def test_means_are_ranked_as_they_are_rounded() -> None:
    months: Totals = {1: {"U1": F("80.004"), "U2": F("80")}}
    assert [s.rank for s in quarter_standings(1, months, periods(), "dense", 2)] == [1, 1]
