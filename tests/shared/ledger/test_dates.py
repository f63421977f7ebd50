"""What one cell of a date column means."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.dates import parse_day_cell
from shared.ledger.sheets import Cell, ParsedCell


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2022, 9, 15), date(2022, 9, 15)),
        (datetime(2022, 9, 15), date(2022, 9, 15)),  # noqa: DTZ001
        ("2022-09-15", date(2022, 9, 15)),
        ("2022-9-5", date(2022, 9, 5)),
        ("2022/9/15", date(2022, 9, 15)),
        ("2022.9.15", date(2022, 9, 15)),
        ("2022年9月15日", date(2022, 9, 15)),
        (" 2022 年 9 月 15 日 ", date(2022, 9, 15)),
        ("２０２２－０９－１５", date(2022, 9, 15)),
        ("20220915", date(2022, 9, 15)),
        (20220915.0, date(2022, 9, 15)),
        (44819.0, date(2022, 9, 15)),
        ("44819", date(2022, 9, 15)),
        ("2022-09-15 00:00:00", date(2022, 9, 15)),
        ("2022-09", date(2022, 9, 30)),
        ("2022/9", date(2022, 9, 30)),
        ("2022.9", date(2022, 9, 30)),
        ("2022年9月", date(2022, 9, 30)),
        ("2022-9月", date(2022, 9, 30)),
        ("2022.1月", date(2022, 1, 31)),
        ("2022年10月底", date(2022, 10, 31)),
        ("2022.01", date(2022, 1, 31)),
        ("2022.10", date(2022, 10, 31)),
        ("2022.1.5", date(2022, 1, 5)),
        (2022.04, date(2022, 4, 30)),
        (2022.9, date(2022, 9, 30)),
        (2022.12, date(2022, 12, 31)),
        # 2022.04, shown as a date
        (datetime(1905, 7, 14, 0, 57, 36), date(2022, 4, 30)),  # noqa: DTZ001
        ("2024年2月", date(2024, 2, 29)),
        ("1950-01-01", date(1950, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
        (18264, date(1950, 1, 1)),
        (109573, date(2199, 12, 30)),
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell, day: date) -> None:
    assert parse_day_cell(cell) == ParsedCell(day)


@pytest.mark.parametrize(
    "cell",
    [datetime(2022, 9, 15, 8, 30), "2022-09-15 08:30", "2022-09-15T08:30:00", 44819.5],  # noqa: DTZ001
)
def test_a_time_of_day_is_dropped_and_said_so(cell: Cell) -> None:
    assert parse_day_cell(cell) == ParsedCell(date(2022, 9, 15), "time_dropped")


@pytest.mark.parametrize("cell", ["2022.1", 2022.1, datetime(1905, 7, 14, 2, 24)])  # noqa: DTZ001
def test_a_january_may_be_an_october_that_lost_its_zero(cell: Cell) -> None:
    assert parse_day_cell(cell) == ParsedCell(None, "ambiguous_month", {"year": "2022"})


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        (datetime(2022, 7, 31, 23, 59, 17), date(2022, 8, 1), "next_day"),  # noqa: DTZ001
        (44773 + 86357 / 86400, date(2022, 8, 1), "next_day"),
        (datetime(2022, 7, 31, 23, 59, 59, 999_000), date(2022, 8, 1), None),  # noqa: DTZ001
        (44773.999999999, date(2022, 8, 1), None),
        (datetime(2022, 7, 31, 23, 59), date(2022, 7, 31), "time_dropped"),  # noqa: DTZ001
        (44773 + 1439 / 1440, date(2022, 7, 31), "time_dropped"),
        ("2022年10月上旬", date(2022, 10, 10), "last_day_of_third"),
        ("2022年10月中旬", date(2022, 10, 20), "last_day_of_third"),
        ("2022年2月下旬", date(2022, 2, 28), "last_day_of_third"),
    ],
)
def test_a_moment_just_before_midnight_is_the_next_day(
    cell: Cell, day: date, code: str | None
) -> None:
    assert parse_day_cell(cell) == ParsedCell(day, code)


@pytest.mark.parametrize("cell", [43173, 43173.0, "43173"])
def test_serial_numbers_of_a_workbook_may_count_from_1904(cell: Cell) -> None:
    assert parse_day_cell(cell, counts_from_1904=True) == ParsedCell(date(2022, 3, 15))
    assert parse_day_cell(cell) == ParsedCell(date(2018, 3, 14))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("10月", "date_without_year"),
        ("2022.10.1-2022.12.30", "two_dates"),
        ("2022年3月至10月", "two_dates"),
        ("2022-03-01~2022-10-01", "two_dates"),
        ("已开工", "bad_date"),
        ("22.4.1", "bad_date"),
        ("2022年10月初", "bad_date"),
        ("2022", "bad_date"),
        (2022.0, "bad_date"),
        ("2022年", "bad_date"),
        ("12345", "bad_date"),
        ("9月15日", "date_without_year"),
        ("2022-09/15", "bad_date"),
        ("9/15/2022", "bad_date"),
        (True, "bad_date"),
        ("2022-02-29", "no_such_date"),
        ("2022-13", "no_such_date"),
        ("2022年9月31日", "no_such_date"),
        (20220931.0, "no_such_date"),
        ("1949-12-31", "date_out_of_range"),
        ("2200-01-01", "date_out_of_range"),
        (date(1905, 7, 14), "date_out_of_range"),
    ],
)
def test_what_is_no_day_is_never_guessed(cell: Cell, code: str) -> None:
    assert parse_day_cell(cell) == ParsedCell(None, code)


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_a_serial_number_of_excel_is_the_day_that_it_counts(day: date) -> None:
    assert parse_day_cell((day - date(1899, 12, 30)).days).value == day
