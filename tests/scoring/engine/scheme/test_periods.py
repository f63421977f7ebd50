"""Months averaged into quarters and years, worked by hand."""

from fractions import Fraction as F
from typing import Any

import pytest
from pydantic import ValidationError

from services.scoring.engine.scheme.periods import (
    Periods,
    PeriodStanding,
    TotalsByMonth,
    quarter_standings,
    year_standings,
)

MONTHS: TotalsByMonth = {
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
    months: TotalsByMonth = {1: {"U1": F(1), "U2": F(2), "U3": F(2), "U4": F(0)}}
    ranks = {
        ranking: [s.rank for s in quarter_standings(1, months, periods(), ranking, 2)]
        for ranking in ("dense", "competition")
    }
    assert ranks == {"dense": [1, 1, 2, 3], "competition": [1, 1, 3, 4]}


def test_means_are_ranked_as_they_are_rounded() -> None:
    months: TotalsByMonth = {1: {"U1": F("80.004"), "U2": F("80")}}
    assert [s.rank for s in quarter_standings(1, months, periods(), "dense", 2)] == [1, 1]


def test_a_year_may_leave_the_best_and_the_worst_month_out() -> None:
    found = year_standings(MONTHS, periods(trimmed=True), "dense", 2)
    # U1: (81 + 83) ÷ 2; U2: of 90, 70 and 50 the middle one; U3 has one month, which stays.
    assert shown(found) == [("U3", 1, F("99.99")), ("U1", 2, F(82)), ("U2", 3, F(70))]
    two = {month: MONTHS[month] for month in (1, 3)}
    assert shown(year_standings(two, periods(trimmed=True), "dense", 2))[0] == ("U1", 1, F("81.5"))
    # Months without a total that count 0 are among the worst, but only one of them goes.
    zeros = year_standings(MONTHS, periods(trimmed=True, missing="zero"), "dense", 2)
    assert shown(zeros) == [("U1", 1, F(82)), ("U2", 2, F(60)), ("U3", 3, F(0))]


def test_a_quarter_is_not_trimmed() -> None:
    found = quarter_standings(1, MONTHS, periods(trimmed=True), "dense", 2)
    assert shown(found)[0] == ("U1", 1, F("81.33"))


def test_december_may_make_a_part_of_the_year() -> None:
    """平时 40%，年终 60%."""
    december = {12: {"U1": F(70), "U2": F(95), "U4": F(60)}}
    year = {**MONTHS, **december}
    rule = periods(year_end="60%")
    found = year_standings(year, rule, "dense", 2)
    # U1: 83.5 × 0.4 + 70 × 0.6; U2: 70 × 0.4 + 95 × 0.6; U3 has no December, U4 nothing else.
    assert shown(found) == [
        ("U3", 1, F("99.99")),
        ("U2", 2, F(85)),
        ("U1", 3, F("75.4")),
        ("U4", 4, F(60)),
    ]
    assert [standing.year_end for standing in found] == [None, F(95), F(70), F(60)]
    assert found[3].parts == {}
    fourth = quarter_standings(4, year, rule, "dense", 2)
    assert shown(fourth) == [("U2", 1, F(95)), ("U1", 2, F(70)), ("U4", 3, F(60))]


def test_december_beside_a_mean_of_quarters() -> None:
    year = {**MONTHS, 11: {"U1": F(50)}, 12: {"U1": F(100)}}
    rule = periods(year_end="0.5", year_of="quarters")
    found = {standing.unit_id: standing for standing in year_standings(year, rule, "dense", 2)}
    # (81.333… + 90 + 50) ÷ 3 is 73.777…, and half of that and of 100 86.888….
    assert found["U1"].total == F("86.89")
    assert found["U1"].parts == {1: F(244, 3), 2: F(90), 4: F(50)}


def test_without_a_december_or_without_months_the_rest_may_be_0() -> None:
    year = {**MONTHS, 12: {"U1": F(70), "U4": F(60)}}
    rule = periods(year_end="60%", missing="zero")
    found = {unit: total for unit, _, total in shown(year_standings(year, rule, "dense", 2))}
    # U2: 210 ÷ 4 × 0.4; U3: 99.99 ÷ 4 × 0.4 is 9.999; U4: 60 × 0.6.
    assert found == {"U1": F("75.4"), "U2": F(21), "U3": F(10), "U4": F(36)}


def test_before_december_a_year_is_the_mean_of_what_there_is() -> None:
    found = year_standings(MONTHS, periods(year_end="60%"), "dense", 2)
    assert found == year_standings(MONTHS, periods(), "dense", 2)


def test_a_month_may_count_by_its_place() -> None:
    rule = periods(points={"rule": "rank_steps", "first": 10, "less": 3})
    found = year_standings(MONTHS, rule, "dense", 2)
    # U1: 7, 10, 10, 7; U2: 10, –, 7, 4; U3: –, –, –, 10.
    assert shown(found) == [("U3", 1, F(10)), ("U1", 2, F("8.5")), ("U2", 3, F(7))]
    assert found[1].parts == {1: F(7), 2: F(10), 3: F(10), 4: F(7)}
    bands = {"rule": "rank_bands", "bands": [{"to": 1, "points": 5}, {"to": 2, "points": 3}]}
    found = quarter_standings(1, MONTHS, periods(points=bands), "dense", 2)
    assert shown(found) == [("U1", 1, F("4.33")), ("U2", 2, F(4)), ("U3", None, None)]


@pytest.mark.parametrize(
    "given",
    [
        {"trimmed": True, "year_of": "quarters"},
        {"points": {"rule": "proportional"}},
        {"year_end": 60},
        {"year_end": 0},
        {"year_end": "100%"},
        {"trimmed": "yes"},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        periods(**given)


def test_equal_totals_share_a_place_and_its_points() -> None:
    months: TotalsByMonth = {1: {"U1": F(90), "U2": F(90), "U3": F(80), "U4": F(70)}}
    rule = periods(points={"rule": "rank_steps", "first": 10, "less": 1})
    found = quarter_standings(1, months, rule, "competition", 2)
    assert shown(found) == [("U1", 1, F(10)), ("U2", 1, F(10)), ("U3", 3, F(9)), ("U4", 4, F(8))]
    half = {"rule": "rank_bands", "by": "share", "bands": [{"to": "50%", "points": 2}]}
    found = quarter_standings(1, months, periods(points=half), "dense", 2)
    assert [standing.total for standing in found] == [2, 2, 0, 0]
