"""The moment, and the day of China: the only module that reads the time; all else is told it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_TIMEZONE = ZoneInfo("Asia/Shanghai")  # deadlines are civil dates, counted here


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(LOCAL_TIMEZONE).date()
