"""Dates as documents write them."""

from datetime import date

from shared.paper.dates import format_date


def test_a_date_has_no_leading_zeros() -> None:
    assert format_date(date(2022, 9, 5)) == "2022年9月5日"
    assert format_date(date(2022, 12, 25)) == "2022年12月25日"
