"""The only module that asks what time it is. Everything else is told."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

HOME = ZoneInfo("Asia/Shanghai")  # deadlines are civil dates, counted here


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(HOME).date()


Now = Annotated[datetime, Depends(now)]
Today = Annotated[date, Depends(today)]
