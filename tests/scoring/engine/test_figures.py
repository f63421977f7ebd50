"""Exact figures by hand: time progress by date, lead, and how figures are printed."""

from datetime import date
from fractions import Fraction as F

import pytest

from services.scoring.engine.figures import exact_ratio, format_decimal, lead, time_progress

# 惠东 2022: ten points a month, 60 % at mid-year, 120 % at the end.
HUIDONG = [F(month, 10) for month in range(1, 13)]
LATE = [F(0)] * 11 + [F(1)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # a month's end is months ÷ 12, however long the months are
        ("2022-01-31", F(1, 12)),
        ("2022-02-28", F(2, 12)),
        ("2024-02-29", F(2, 12)),
        ("2022-03-31", F(3, 12)),
        ("2022-04-30", F(4, 12)),
        ("2022-06-30", F(1, 2)),
        ("2022-09-30", F(9, 12)),
        ("2022-12-31", F(1)),
        # within a month, by the day
        ("2022-01-01", F(1, 31) / 12),
        ("2022-04-15", (3 + F(1, 2)) / 12),
        ("2022-12-25", (11 + F(25, 31)) / 12),
        ("2022-02-14", (1 + F(1, 2)) / 12),
        ("2023-02-28", F(2, 12)),
        ("2024-02-14", (1 + F(14, 29)) / 12),
        ("2024-02-28", (1 + F(28, 29)) / 12),
        ("2024-03-01", (2 + F(1, 31)) / 12),
    ],
)
def test_time_progress_is_months_and_days_of_twelve(day: str, expected: F) -> None:
    assert time_progress(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("day", "curve", "expected"),
    [
        ("2022-01-31", HUIDONG, F(1, 10)),
        ("2022-06-30", HUIDONG, F(60, 100)),
        ("2022-12-31", HUIDONG, F(120, 100)),
        ("2022-04-15", HUIDONG, F(35, 100)),
        ("2022-01-01", HUIDONG, F(1, 310)),
        ("2024-02-28", HUIDONG, F(1, 10) + F(28, 290)),
        ("2022-11-30", LATE, F(0)),
        ("2022-12-01", LATE, F(1, 31)),
        ("2022-12-31", LATE, F(1)),
    ],
)
def test_a_curve_is_read_by_the_day_within_a_month(day: str, curve: list[F], expected: F) -> None:
    assert time_progress(date.fromisoformat(day), curve) == expected


def test_a_lead_is_in_percentage_points_from_unrounded_figures() -> None:
    assert lead(F(3, 5), F(1, 2)) == 10
    assert lead(F(1, 3), F(1, 2)) == F(-50, 3)
    # 63.85 − 50.05 = 13.80 from these; the rounded 63.9 − 50.1 would also give 13.8, and
    # 63.949 − 50.051, rounded last, 13.9 where rounded first it gives 13.8.
    assert format_decimal(lead(F(63949, 100_000), F(50051, 100_000)), 1) == "13.9"


def test_nothing_to_divide_by_is_not_applicable() -> None:
    assert exact_ratio(0, 0) is None
    assert exact_ratio(5, 0) is None
    assert exact_ratio(0, 5) == 0


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (F(5, 1000), 2, "0.01"),
        (F(49, 10_000), 2, "0.00"),
        (F(-4, 1000), 2, "0.00"),
        (F(-5, 1000), 2, "-0.01"),
        (F(15, 1000), 2, "0.02"),
        (F(25, 1000), 2, "0.03"),  # not to even
        (F(-25, 1000), 2, "-0.03"),
        (F(1, 3), 4, "0.3333"),
        (F(2, 3), 4, "0.6667"),
        (F(999_995, 100_000), 4, "10.0000"),
        (F(0), 2, "0.00"),
        (F(100), 2, "100.00"),
        (F(-100), 2, "-100.00"),
        (F(7, 100), 2, "0.07"),
        (F(1, 2), 0, "1"),
        (F(-1, 2), 0, "-1"),
        (F(49, 100), 0, "0"),
        (F(-49, 100), 0, "0"),
        (F(1, 2), 6, "0.500000"),
        (F(10**30 + 1, 10), 1, "1" + "0" * 29 + ".1"),  # beyond what a float can hold
    ],
)
def test_figures_are_rounded_half_up_away_from_zero(value: F, decimals: int, expected: str) -> None:
    assert format_decimal(value, decimals) == expected


def test_what_is_unknown_is_not_printed() -> None:
    assert format_decimal(None, 2) is None
