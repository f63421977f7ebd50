"""From when to when works go on: months by their last day, bare years never days."""

from datetime import date

import pytest

from shared.mapping.intervals import Interval, format_interval, parse_interval

AUGUST, JUNE = date(2022, 8, 31), date(2024, 6, 30)


@pytest.mark.parametrize(
    "text",
    [
        *("2022.8-2024.6", "2022.08—2024.06", "2022年8月-2024年6月", "2022年8月至2024年6月"),
        *("2022/8-2024/6", "２０２２．８－２０２４．６", "2022.8~2024.6", "2022-08至2024-06"),
        "2022年8月—2024年6月底",
    ],
)
def test_months_are_their_last_days(text: str) -> None:
    assert parse_interval(text) == Interval(AUGUST, JUNE)


def test_days_are_days() -> None:
    days = Interval(date(2022, 8, 15), date(2024, 6, 1))
    assert parse_interval("2022.8.15-2024.6.1") == days
    assert parse_interval("2022年8月15日至2024年6月1日") == days


def test_the_second_month_may_be_of_the_same_year() -> None:
    assert parse_interval("2022.3-11") == Interval(date(2022, 3, 31), date(2022, 11, 30))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2022-2024", "year_without_month"),
        ("2022年-2024年", "year_without_month"),
        ("2022", "year_without_month"),
        ("24个月", "bad_interval"),
        ("2022.13-2024.6", "bad_interval"),
        ("2022.8-2024", "bad_interval"),
    ],
)
def test_what_says_no_two_days_gives_none(text: str, code: str) -> None:
    assert parse_interval(text) == Interval(None, None, code)


def test_an_end_before_the_start_is_told() -> None:
    assert parse_interval("2024.6-2022.8").code == "interval_reversed"


@pytest.mark.parametrize("end", [JUNE, date(2024, 6, 1), date(2024, 12, 31)])
@pytest.mark.parametrize("start", [AUGUST, date(2022, 8, 15), date(2022, 2, 28)])
def test_what_is_written_reads_as_the_same(start: date, end: date) -> None:
    assert parse_interval(format_interval(start, end)) == Interval(start, end)
