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


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2022", "bad_date"),
        (2022.0, "bad_date"),
        (2022.9, "bad_date"),
        ("2022年", "bad_date"),
        ("12345", "bad_date"),
        ("9月15日", "bad_date"),
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
