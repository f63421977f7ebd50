"""Dates as official documents write them."""

from datetime import date


def format_date(day: date) -> str:
    """Arabic digits without leading zeros (2022年9月5日)."""
    return f"{day.year}年{day.month}月{day.day}日"
