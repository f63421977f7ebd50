"""Dates as official documents write them."""

from datetime import date


def format_date(on: date) -> str:
    """Arabic digits without leading zeros (2022年9月5日)."""
    return f"{on.year}年{on.month}月{on.day}日"
